package dev.tailor.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Blake3Test {
    /** The authors' test vectors: the bytes 0 to 250, over and over. */
    @ParameterizedTest
    @CsvSource({
        "0, af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
        "1, 2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213",
        "65, de1e5fa0be70df6d2be8fffd0e99ceaa8eb6e8c93a63f2d8d1c30ecb6b263dee",
        "1024, 42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7",
        "1025, d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444",
        "3073, 7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3",
        "102400, bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085"
    })
    void agrees_with_the_published_values(int length, String expected) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        Blake3 hash = new Blake3();
        assertThat(HexFormat.of().formatHex(hash.digest(bytes))).isEqualTo(expected);
        hash.update(bytes, 0, length / 3);
        hash.update(bytes, length / 3, length - length / 3);
        assertThat(HexFormat.of().formatHex(hash.digest()))
                .as("again, in two parts")
                .isEqualTo(expected);
    }

    @Test
    void is_a_digest_of_a_file(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("one"), new byte[1]);
        Digest digest = Digest.blake3("2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213");
        assertThat(digest.mismatch(file)).isNull();
        assertThat(digest).hasToString("BLAKE3 2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213");
        Files.write(file, new byte[] {1});
        assertThat(digest.mismatch(file)).startsWith("expected " + digest + ", found ");
    }
}
