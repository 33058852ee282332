package dev.tailor.zoo.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.modality.cv.BufferedImageFactory;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageDecoderTest {
    private static final Path PILLOW = Path.of("src/test/resources/golden/image/pillow");
    private static final ImageDecoder DECODER = ImageDecoder.standard();

    static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(PILLOW)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".rgb"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted()
                    .toList();
        }
    }

    private static RgbImage expected(String name) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(PILLOW.resolve(name + ".rgb")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int width = in.getInt();
        int height = in.getInt();
        byte[] data = new byte[in.remaining()];
        in.get(data);
        return new RgbImage(width, height, data);
    }

    @ParameterizedTest
    @MethodSource("files")
    void a_file_decodes_as_in_pillow(String name) throws IOException {
        RgbImage actual = DECODER.decode(PILLOW.resolve(name));
        RgbImage expected = expected(name);
        if (!name.endsWith(".jpg")) {
            assertThat(actual).isEqualTo(expected);
            return;
        }
        assertThat(List.of(actual.width(), actual.height())).isEqualTo(List.of(expected.width(), expected.height()));
        for (int i = 0; i < expected.data().length; i++) {
            assertThat(Math.abs((actual.data()[i] & 0xff) - (expected.data()[i] & 0xff)))
                    .as("byte " + i)
                    .isLessThanOrEqualTo(3);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void half_a_file_is_refused_by_name(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(PILLOW.resolve(name));
        // An animation's first frame may lie in its first half.
        byte[] half = Arrays.copyOf(bytes, name.contains("animated") ? 60 : bytes.length / 2);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> DECODER.decode(half, name))
                .withMessageContaining(name);
    }

    @Test
    void a_buffered_image_and_a_djl_image_give_the_stored_values() throws IOException {
        var grey = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
        var colour = new BufferedImage(3, 2, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 3; x++) {
                grey.getRaster().setSample(x, y, 0, 40 * x + y);
                colour.setRGB(x, y, (x * 20 << 24) | (x + 1 << 16) | (y + 7 << 8) | 200);
            }
        }
        assertThat(ImageDecoder.of(grey).data()).startsWith(0, 0, 0, 40, 40, 40, 80, 80, 80, 1, 1, 1);
        assertThat(ImageDecoder.of(colour).data()).startsWith(1, 7, 200, 2, 7, 200, 3, 7, 200, 1, 8, 200);
        assertThat(ImageDecoder.of(new BufferedImageFactory().fromImage(grey))).isEqualTo(ImageDecoder.of(grey));
        // A part of a larger picture shares its array.
        assertThat(ImageDecoder.of(grey.getSubimage(1, 1, 2, 1)).data()).containsExactly(41, 41, 41, 81, 81, 81);
        assertThat(ImageDecoder.of(Opaque.of(new BufferedImageFactory().fromImage(colour))))
                .isEqualTo(ImageDecoder.of(colour));
    }

    @Test
    void what_is_no_image_is_named() {
        refused(new byte[0], "empty");
        refused("<!DOCTYPE html><html>".getBytes(), "HTML");
        refused("RIFF\0\0\0\0WEBPVP8 ".getBytes(), "WebP");
        refused("version https://git-lfs.github.com/spec/v1".getBytes(), "Git LFS");
        refused(new byte[] {0x12, 0x34, (byte) 0xab}, "12 34 ab");
        refused(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff}, "JPEG");
        refused("GIF89a".getBytes(), "GIF");
        refused("BM".getBytes(), "BMP");
    }

    @Test
    void a_file_that_is_not_there_is_named() {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> DECODER.decode(Path.of("no", "such.png")))
                .withMessageContaining("such.png");
    }

    @Test
    void a_huge_declared_size_is_refused_before_decoding() {
        byte[] bomb = Pngs.declaring(60_000, 60_000);
        refused(bomb, "60000 x 60000", "100000000");
        refused(Pngs.declaring(0, 5), "0 x 5");
        refused(Pngs.declaring(0x7fffffff, 0x7fffffff), "2147483647 x 2147483647");
        // Within the limit, but no such small file can hold it: nothing is allocated.
        refused(Pngs.declaring(9_000, 9_000), "cannot hold");
    }

    @Test
    void the_limits_can_be_set() throws IOException {
        byte[] bytes = Files.readAllBytes(PILLOW.resolve("png-type2-8bit.png"));
        assertThat(DECODER.maxPixels(19 * 11).decode(bytes, "x").width()).isEqualTo(19);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> DECODER.maxPixels(19 * 11 - 1).decode(bytes, "x.png"))
                .withMessageContaining("x.png")
                .withMessageContaining("19 x 11");
        assertThat(DECODER.maxBytes(bytes.length).decode(new ByteArrayInputStream(bytes), "x"))
                .isEqualTo(expected("png-type2-8bit.png"));
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> DECODER.maxBytes(bytes.length - 1).decode(new ByteArrayInputStream(bytes), "x.png"))
                .withMessageContaining("x.png");
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> DECODER.maxPixels(0));
    }

    @Test
    void a_flipped_bit_in_a_png_is_found_by_its_checksum() throws IOException {
        byte[] bytes = Files.readAllBytes(PILLOW.resolve("png-type2-8bit.png"));
        bytes[bytes.length - 30] ^= 4;
        refused(bytes, "IDAT is corrupt");
    }

    @ParameterizedTest
    @MethodSource("files")
    void random_damage_gives_an_image_or_an_image_exception(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(PILLOW.resolve(name));
        var random = new Random(5);
        for (int round = 0; round < 60; round++) {
            byte[] damaged = bytes.clone();
            for (int i = 0; i <= round % 4; i++) {
                damaged[random.nextInt(round % 2 == 0 ? bytes.length : Math.min(bytes.length, 100))] =
                        (byte) random.nextInt(256);
            }
            Pngs.repairChecksums(damaged);
            try {
                assertThat(DECODER.maxPixels(1_000_000).decode(damaged, name).data())
                        .isNotEmpty();
            } catch (ImageException e) {
                assertThat(e).hasMessageContaining(name);
            }
        }
    }

    private static void refused(byte[] bytes, String... parts) {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> DECODER.decode(bytes, "some/file"))
                .withMessageContaining("some/file")
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }
}
