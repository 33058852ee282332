package dev.tailor.zoo.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResamplerTest {
    private record Case(RgbImage before, Resampling filter, RgbImage after) {}

    private static List<Case> cases() throws IOException {
        ByteBuffer in = ByteBuffer.wrap(
                        Files.readAllBytes(Path.of("src/test/resources/golden/image/pillow/resize.bin")))
                .order(ByteOrder.LITTLE_ENDIAN);
        var cases = new ArrayList<Case>();
        while (in.hasRemaining()) {
            int width = in.getInt();
            int height = in.getInt();
            int newWidth = in.getInt();
            int newHeight = in.getInt();
            Resampling filter = Resampling.ofCode(in.getInt());
            byte[] before = new byte[3 * width * height];
            byte[] after = new byte[3 * newWidth * newHeight];
            in.get(before).get(after);
            cases.add(new Case(new RgbImage(width, height, before), filter, new RgbImage(newWidth, newHeight, after)));
        }
        return cases;
    }

    @Test
    void every_filter_equals_pillow_bit_for_bit() throws IOException {
        assertThat(cases())
                .hasSize(90)
                .allSatisfy(c -> assertThat(Resampler.resize(
                                c.before,
                                c.after.width(),
                                c.after.height(),
                                c.filter,
                                new Resampler.Window(0, 0, c.after.width(), c.after.height())))
                        .isEqualTo(c.after));
    }

    @Test
    void a_window_is_a_part_of_the_whole() throws IOException {
        var window = new Resampler.Window(2, 3, 7, 5);
        for (Case c : cases()) {
            if (c.after.width() < 9 || c.after.height() < 8) {
                continue;
            }
            RgbImage part = Resampler.resize(c.before, c.after.width(), c.after.height(), c.filter, window);
            for (int y = 0; y < 5; y++) {
                for (int i = 0; i < 21; i++) {
                    assertThat(part.data()[y * 21 + i])
                            .isEqualTo(c.after.data()[3 * ((y + 3) * c.after.width() + 2) + i]);
                }
            }
        }
    }
}
