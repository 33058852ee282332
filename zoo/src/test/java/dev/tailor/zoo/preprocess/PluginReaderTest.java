package dev.tailor.zoo.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import javax.imageio.spi.IIORegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Formats that readers for ImageIO on the class path add. */
class PluginReaderTest {
    private static final byte[] WEBP = "RIFF\4\0\0\0WEBPVP8 ".getBytes(StandardCharsets.ISO_8859_1);

    private final WebpReaderSpi plugin = new WebpReaderSpi(3, 2);

    @AfterEach
    void remove() {
        IIORegistry.getDefaultInstance().deregisterServiceProvider(plugin);
    }

    @Test
    void without_a_reader_the_message_names_the_one_to_add() {
        assertThatThrownBy(() -> ImageDecoder.standard().decode(WEBP, "photo.webp"))
                .isInstanceOf(ImageException.class)
                .hasMessageContainingAll("photo.webp", "WebP", "com.twelvemonkeys.imageio:imageio-webp");
        byte[] tiff = "II*\0\10\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> ImageDecoder.standard().decode(tiff, "scan.tif"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("com.twelvemonkeys.imageio:imageio-tiff");
    }

    @Test
    void with_a_reader_the_format_is_read() {
        IIORegistry.getDefaultInstance().registerServiceProvider(plugin);
        RgbImage image = ImageDecoder.standard().decode(WEBP, "photo.webp");
        assertThat(image.width()).isEqualTo(3);
        assertThat(image.height()).isEqualTo(2);
        assertThat(image.data()).startsWith(0x10, 0x20, 0x30);
        BufferedImage again = image.toBufferedImage();
        assertThat(ImageDecoder.of(again)).isEqualTo(image);
    }

    @Test
    void a_huge_declared_size_is_refused_before_the_reader_decodes() {
        WebpReaderSpi huge = new WebpReaderSpi(60_000, 60_000);
        IIORegistry.getDefaultInstance().registerServiceProvider(huge);
        try {
            assertThatThrownBy(() -> ImageDecoder.standard().decode(WEBP, "bomb.webp"))
                    .isInstanceOf(ImageException.class)
                    .hasMessageContainingAll("bomb.webp", "60000 x 60000", ImageDecoder.MAX_PIXELS);
        } finally {
            IIORegistry.getDefaultInstance().deregisterServiceProvider(huge);
        }
    }

    @Test
    void a_system_property_sets_the_limits_of_all_pipelines() {
        System.setProperty(ImageDecoder.MAX_PIXELS, "5");
        IIORegistry.getDefaultInstance().registerServiceProvider(plugin);
        try {
            assertThatThrownBy(() -> ImageDecoder.standard().decode(WEBP, "photo.webp"))
                    .isInstanceOf(ImageException.class)
                    .hasMessageContaining("the limit is 5");
            System.setProperty(ImageDecoder.MAX_PIXELS, "many");
            assertThatThrownBy(ImageDecoder::standard)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(ImageDecoder.MAX_PIXELS, "many");
        } finally {
            System.clearProperty(ImageDecoder.MAX_PIXELS);
        }
        System.setProperty(ImageDecoder.MAX_BYTES, "8");
        try {
            assertThatThrownBy(() -> ImageDecoder.standard().decode(WEBP, "photo.webp"))
                    .hasMessageContaining("the limit is 8");
        } finally {
            System.clearProperty(ImageDecoder.MAX_BYTES);
        }
    }
}
