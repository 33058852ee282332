package dev.tailor.transfer.task;

import dev.tailor.TokenRow;
import dev.tailor.task.WordTag;
import dev.tailor.task.WordTags;
import java.util.Arrays;
import java.util.List;

/** Which tokens belong to which words of a text. */
final class WordPlaces {
    private WordPlaces() {}

    /**
     * The word of each token; -1 for tokens of none. A token of several words belongs to the first of them.
     *
     * @param starts where tokens begin in the text; -1 for those beside it
     * @param ends where they end
     */
    static int[] words(WordTags words, int[] starts, int[] ends) {
        int[] result = new int[starts.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = starts[i] < 0 ? -1 : word(words.words(), starts[i], ends[i]);
        }
        return result;
    }

    private static int word(List<WordTag> words, int start, int end) {
        int low = 0;
        int high = words.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (words.get(middle).end() > start) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low < words.size() && words.get(low).start() < end ? low : -1;
    }

    /** Where the first token of each word begins, taken over all rows of a text. */
    static int[] firsts(WordTags words, List<TokenRow> rows) {
        int[] firsts = new int[words.words().size()];
        Arrays.fill(firsts, Integer.MAX_VALUE);
        for (TokenRow row : rows) {
            int[] owners = words(words, row.starts(), row.ends());
            for (int i = 0; i < owners.length; i++) {
                if (owners[i] >= 0) {
                    firsts[owners[i]] = Math.min(firsts[owners[i]], row.starts()[i]);
                }
            }
        }
        return firsts;
    }
}
