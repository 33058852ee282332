package dev.tailor.hub;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the bytes of a file must hash to, in the ways that hubs tell it. Immutable. */
public final class Digest {
    private static final Digest NONE = new Digest("none", "", "");

    private final String algorithm;
    private final String prefix;
    private final String expected;

    private Digest(String algorithm, String prefix, String expected) {
        this.algorithm = algorithm;
        this.prefix = prefix;
        this.expected = expected.toLowerCase(Locale.ROOT);
    }

    /** No digest is known; only sizes can be compared. */
    public static Digest none() {
        return NONE;
    }

    /** SHA-256 in 64 hex digits, or their beginning as PyTorch puts it into file names (8 at least). */
    public static Digest sha256(String hex) {
        return new Digest("SHA-256", "", checkHex(hex, 8, 64));
    }

    /** BLAKE3 in 64 hex digits. */
    public static Digest blake3(String hex) {
        return new Digest("BLAKE3", "", checkHex(hex, 64, 64));
    }

    /** The id of a git blob: SHA-1 over {@code "blob " + length + NUL} and the bytes, in 40 hex digits. */
    public static Digest gitBlob(String hex) {
        return new Digest("SHA-1", "blob ", checkHex(hex, 40, 40));
    }

    /** MD5 in base64, as Google Cloud Storage tells it. */
    public static Digest md5Base64(String base64) {
        return new Digest(
                "MD5", "", checkHex(HexFormat.of().formatHex(Base64.getDecoder().decode(base64)), 32, 32));
    }

    /** The digest that an etag of the Hugging Face Hub is: 64 hex digits are a SHA-256, 40 a git blob id, anything else none. */
    public static Digest ofEtag(String etag) {
        if (etag.matches("[0-9a-fA-F]{64}")) {
            return sha256(etag);
        }
        return etag.matches("[0-9a-fA-F]{40}") ? gitBlob(etag) : NONE;
    }

    /** Whether there is something to compare with. */
    public boolean isKnown() {
        return this != NONE;
    }

    /** Compares a file; returns null if it agrees, else what was expected and found. Stops when the thread is interrupted. */
    public @Nullable String mismatch(Path file) throws IOException {
        long size = Files.size(file);
        Running running = start(size);
        if (running == null) {
            return null;
        }
        running.update(file, 0, size);
        return running.mismatch();
    }

    /**
     * Begins to hash a file that is still on its way.
     *
     * @param size bytes of the whole file, or -1 if unknown
     * @return null if no digest is known, or it needs a size that is unknown
     */
    @Nullable
    Running start(long size) {
        if (!isKnown() || (size < 0 && !prefix.isEmpty())) {
            return null;
        }
        try {
            MessageDigest digest = algorithm.equals("BLAKE3") ? new Blake3() : MessageDigest.getInstance(algorithm);
            if (!prefix.isEmpty()) {
                digest.update((prefix + size + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            return new Running(this, digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has " + algorithm, e);
        }
    }

    /**
     * A digest of the bytes so far. Used by one thread.
     *
     * @param wanted what it must become
     * @param digest its state
     */
    record Running(Digest wanted, MessageDigest digest) {
        void update(byte[] bytes, int count) {
            digest.update(bytes, 0, count);
        }

        void update(ByteBuffer bytes) {
            digest.update(bytes);
        }

        /** Adds bytes of a file; a channel reads them, because its reads end on interruption. */
        void update(Path file, long from, long to) throws IOException {
            try (FileChannel channel = FileChannel.open(file)) {
                ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
                for (long at = from; at < to; ) {
                    buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
                    int count = channel.read(buffer, at);
                    if (count <= 0) {
                        throw new EOFException(file + " has become shorter than " + to + " bytes");
                    }
                    digest.update(buffer.flip());
                    at += count;
                }
            }
        }

        /** Null if the bytes agree, else what was expected and found; ends the digest. */
        @Nullable
        String mismatch() {
            String found = HexFormat.of().formatHex(digest.digest());
            return found.startsWith(wanted.expected) ? null : "expected " + wanted + ", found " + found;
        }
    }

    @Override
    public String toString() {
        return isKnown() ? (prefix.isEmpty() ? algorithm : "git blob") + " " + expected : algorithm;
    }

    private static String checkHex(String hex, int least, int most) {
        if (!hex.matches("[0-9a-fA-F]{" + least + "," + most + "}")) {
            throw new IllegalArgumentException(
                    "A digest of " + most + " hex digits was expected, found \"" + hex + "\"");
        }
        return hex;
    }
}
