package dev.tailor.zoo.preprocess;

/**
 * A tokenized text or pair of texts.
 *
 * @param ids token ids, special tokens included
 * @param types segment of each token, 0 or 1
 * @param truncated whether the end was cut off
 */
public record Tokens(long[] ids, long[] types, boolean truncated) {

    /** The number of tokens. */
    public int length() {
        return ids.length;
    }

    /** Whether any token belongs to a second text. */
    boolean hasSegments() {
        for (long type : types) {
            if (type != 0) {
                return true;
            }
        }
        return false;
    }
}
