package dev.tailor;

/**
 * What a network reads at once, and where in a text its tokens come from.
 *
 * @param ids token ids, special tokens included
 * @param types segment of each token, 0 or 1
 * @param starts where each token begins in the text, in UTF-16 units; -1 for tokens that stand beside it
 * @param ends where each token ends, exclusive; -1 for tokens that stand beside the text
 * @param nowhere the place of the token that stands for no place in the text, such as {@code [CLS]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenRow(long[] ids, long[] types, int[] starts, int[] ends, int nowhere) {

    /** The number of tokens. */
    public int length() {
        return ids.length;
    }
}
