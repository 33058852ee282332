package dev.tailor.transfer.report;

import dev.tailor.transfer.data.Dataset;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a data set holds, without its inputs.
 *
 * @param size examples
 * @param classes examples by label, sorted; empty where targets are no labels
 * @param targetsSha256 over all targets in order, each as its UTF-8 length in four bytes and its UTF-8 text; 64 hex digits
 */
public record DataFingerprint(int size, Map<String, Integer> classes, String targetsSha256) {

    /** Copies the classes. */
    public DataFingerprint {
        classes = Collections.unmodifiableMap(new TreeMap<>(classes));
    }

    /** Counts and hashes; inputs are not loaded. */
    public static DataFingerprint of(Dataset<?, ?> data) {
        Map<String, Integer> classes = new TreeMap<>();
        MessageDigest digest = sha256();
        for (Object target : data.targets()) {
            byte[] text = text(target).getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
            digest.update(text);
            if (target instanceof String label) {
                classes.merge(label, 1, Integer::sum);
            }
        }
        return new DataFingerprint(data.size(), classes, HexFormat.of().formatHex(digest.digest()));
    }

    /** The elements of arrays, not their identity. */
    private static String text(Object target) {
        String nested = Arrays.deepToString(new Object[] {target});
        return nested.substring(1, nested.length() - 1);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** The smallest and the largest class, as how often they occur; empty without classes. */
    public List<Integer> extremes() {
        return classes.isEmpty()
                ? List.of()
                : List.of(Collections.min(classes.values()), Collections.max(classes.values()));
    }
}
