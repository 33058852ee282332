package dev.tailor.zoo.preprocess;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Formats that this module does not read itself, such as WebP and TIFF, through readers for {@link ImageIO} that the application
 * brings, such as those of TwelveMonkeys. They are found as ImageIO finds them; no library is needed here.
 */
final class PluginReader {
    private PluginReader() {}

    /** The first reader that claims the bytes decodes them; null if none does. */
    static @Nullable RgbImage read(byte[] bytes, ImageDecoder.SizeCheck check) throws IOException {
        Iterator<ImageReaderSpi> providers =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
        while (providers.hasNext()) {
            ImageReaderSpi provider = providers.next();
            if (provider.getClass().getModule() == ImageIO.class.getModule()) {
                // The JDK's own readers of further formats allocate what a hostile file asks for.
                continue;
            }
            // A memory cache: the default would write the image to a temporary file.
            try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
                if (provider.canDecodeInput(in)) {
                    return read(provider, in, check);
                }
            }
        }
        return null;
    }

    private static RgbImage read(ImageReaderSpi provider, ImageInputStream in, ImageDecoder.SizeCheck check)
            throws IOException {
        ImageReader reader = provider.createReaderInstance();
        try {
            reader.setInput(in, true, true);
            check.accept(reader.getWidth(0), reader.getHeight(0));
            BufferedImage image = reader.read(0, reader.getDefaultReadParam());
            return Rasters.rgb(image);
        } finally {
            reader.dispose();
        }
    }
}
