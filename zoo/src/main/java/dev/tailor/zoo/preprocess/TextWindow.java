package dev.tailor.zoo.preprocess;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A part of a tokenized text that a model can read: all special tokens, all of the other text of a pair, and a stretch of the
 * text that was cut. The stretches are those of the tokenizers library.
 *
 * @param text all tokens
 * @param places which of them are here, ascending
 */
@SuppressWarnings("ArrayRecordComponent")
public record TextWindow(TokenizedText text, int[] places) {

    /**
     * The window that is left when a text is cut.
     *
     * @param length the most tokens of a window
     * @param sequence which text of a pair is cut
     * @param fromLeft whether its beginning is cut off instead of its end
     * @throws IllegalArgumentException if the other tokens leave no room
     */
    static TextWindow cut(TokenizedText text, int length, int sequence, boolean fromLeft) {
        if (text.length() <= length) {
            return new TextWindow(text, IntStream.range(0, text.length()).toArray());
        }
        int count = text.count(sequence);
        int room = room(text, count, length);
        return window(text, sequence, fromLeft ? count - room : 0, fromLeft ? count : room);
    }

    /**
     * All windows of a text; together they hold every token.
     *
     * @param stride how many tokens of the text two windows share; less than the room for it
     * @param fromLeft whether the first window holds the end and the last one may be short at the beginning
     * @throws IllegalArgumentException if the other tokens leave no room for one more than the stride
     */
    static List<TextWindow> all(TokenizedText text, int length, int stride, int sequence, boolean fromLeft) {
        if (text.length() <= length) {
            return List.of(cut(text, length, sequence, fromLeft));
        }
        int count = text.count(sequence);
        int room = room(text, count, length);
        if (stride >= room) {
            throw new IllegalArgumentException("windows of " + room + " tokens cannot share " + stride
                    + "; choose a stride of at most " + (room - 1));
        }
        List<TextWindow> windows = new ArrayList<>();
        for (int at = 0; windows.isEmpty() || at + stride < count; at += room - stride) {
            int near = Math.min(at + room, count);
            windows.add(window(text, sequence, fromLeft ? count - near : at, fromLeft ? count - at : near));
        }
        return windows;
    }

    private static int room(TokenizedText text, int count, int length) {
        int room = length - (text.length() - count);
        if (room < 1) {
            throw new IllegalArgumentException(
                    (text.length() - count) + " tokens stand beside the text that may be cut,"
                            + " and the model reads at most " + length + "; shorten them");
        }
        return room;
    }

    private static TextWindow window(TokenizedText text, int sequence, int from, int to) {
        int count = text.count(sequence);
        int first = text.first(sequence);
        int[] places = new int[text.length() - count + to - from];
        for (int i = 0; i < places.length; i++) {
            places[i] = i < first ? i : i < first + to - from ? i + from : i + count - (to - from);
        }
        return new TextWindow(text, places);
    }

    /** The number of tokens. */
    public int length() {
        return places.length;
    }

    /** Whether tokens of the text are missing. */
    public boolean isCut() {
        return places.length < text.length();
    }

    /** What the network reads. */
    public Tokens tokens() {
        return new Tokens(gathered(text.ids()), gathered(text.types()), isCut());
    }

    private long[] gathered(long[] values) {
        long[] result = new long[places.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[places[i]];
        }
        return result;
    }
}
