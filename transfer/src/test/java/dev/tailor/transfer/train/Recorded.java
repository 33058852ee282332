package dev.tailor.transfer.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** What the recording scripts of training runs compute, and how near their numbers must be met. */
final class Recorded {
    private Recorded() {}

    /** The script's {@code unit}: murmur3's finaliser over a counter, in [0, 1). */
    static double unit(String name, long index) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        int x = (int) (crc.getValue() + index * 0x9E3779B9L);
        x ^= x >>> 16;
        x *= 0x85EBCA6B;
        x ^= x >>> 13;
        x *= 0xC2B2AE35;
        x ^= x >>> 16;
        return (x & 0xFFFFFFFFL) / 4294967296.0;
    }

    static void near(float[] found, float[] expected, String what) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            near(found[i], expected[i], what + "[" + i + "]");
        }
    }

    static void near(double found, double expected, String what) {
        assertThat(Math.abs(found - expected))
                .as("%s: expected %s, found %s", what, expected, found)
                .isLessThanOrEqualTo(Math.max(1e-4, 1e-3 * Math.abs(expected)));
    }
}
