package dev.tailor.zoo.preprocess;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The JDK's own image readers, whatever plug-ins the application brings: others convert colours in other ways. */
final class JdkReader {
    private JdkReader() {}

    static BufferedImage read(String format, byte[] bytes) throws IOException {
        return with(format, bytes, reader -> reader.read(0, reader.getDefaultReadParam()));
    }

    /** The samples as stored, without any conversion of colours. */
    static Raster readRaster(String format, byte[] bytes) throws IOException {
        return with(format, bytes, reader -> reader.readRaster(0, reader.getDefaultReadParam()));
    }

    private static <T> T with(String format, byte[] bytes, Action<T> action) throws IOException {
        ImageReader reader = reader(format);
        // A memory cache: the default would write the image to a temporary file.
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            return action.apply(reader);
        } finally {
            reader.dispose();
        }
    }

    private static ImageReader reader(String format) throws IOException {
        Iterator<ImageReaderSpi> providers =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        while (providers.hasNext()) {
            ImageReaderSpi provider = providers.next();
            if (provider.getClass().getModule() == ImageIO.class.getModule()
                    && List.of(provider.getFormatNames()).contains(format)) {
                return provider.createReaderInstance();
            }
        }
        throw new IOException("this Java runtime has no reader for " + format + " (module java.desktop)");
    }

    private interface Action<T> {
        T apply(ImageReader reader) throws IOException;
    }
}
