package dev.tailor.zoo.preprocess;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/** A reader as a library such as TwelveMonkeys brings it, which takes any WebP for one colour in a fixed size. */
final class WebpReaderSpi extends ImageReaderSpi {
    private final int columns;
    private final int rows;

    WebpReaderSpi(int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
        inputTypes = STANDARD_INPUT_TYPE;
        names = new String[] {"webp"};
    }

    @Override
    public boolean canDecodeInput(Object source) throws IOException {
        ImageInputStream in = (ImageInputStream) source;
        byte[] start = new byte[12];
        in.mark();
        in.readFully(start);
        in.reset();
        return start[0] == 'R' && start[8] == 'W';
    }

    @Override
    public ImageReader createReaderInstance(Object extension) {
        return new Reader();
    }

    @Override
    public String getDescription(Locale locale) {
        return "a test's";
    }

    private final class Reader extends ImageReader {
        Reader() {
            super(WebpReaderSpi.this);
        }

        @Override
        public int getNumImages(boolean search) {
            return 1;
        }

        @Override
        public int getWidth(int index) {
            return columns;
        }

        @Override
        public int getHeight(int index) {
            return rows;
        }

        @Override
        public Iterator<ImageTypeSpecifier> getImageTypes(int index) {
            return Collections.emptyIterator();
        }

        @Override
        public IIOMetadata getStreamMetadata() {
            throw new UnsupportedOperationException();
        }

        @Override
        public IIOMetadata getImageMetadata(int index) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BufferedImage read(int index, ImageReadParam param) {
            BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < columns * rows; i++) {
                image.setRGB(i % columns, i / columns, 0x102030);
            }
            return image;
        }
    }
}
