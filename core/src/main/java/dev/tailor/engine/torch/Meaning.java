package dev.tailor.engine.torch;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a tensor that depends on weights alone is. */
sealed interface Meaning {

    /** A weight. */
    record Stored(String key, String conversion) implements Meaning {}

    /** The result of an operation. */
    record Computed(String operation, List<Meaning> operands) implements Meaning {}

    /** A text that two tensors share only if they are equal; none if a weight is not known. */
    default Optional<String> over(Map<String, StoredFiles.Tensor> stored) {
        if (this instanceof Stored weight) {
            return Optional.ofNullable(stored.get(weight.key())).map(t -> digest(weight.conversion() + " of " + t));
        }
        Computed computed = (Computed) this;
        StringBuilder text = new StringBuilder(computed.operation());
        for (Meaning operand : computed.operands()) {
            Optional<String> own = operand.over(stored);
            if (own.isEmpty()) {
                return own;
            }
            text.append(' ').append(own.get());
        }
        return Optional.of(digest(text.toString()));
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, hash).toString(16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
