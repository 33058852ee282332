package dev.tailor.zoo.preprocess;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All tokens of a text or a pair of texts, nothing cut off, with where they come from.
 *
 * @param ids token ids, special tokens included
 * @param types segment of each token, 0 or 1
 * @param tokens the vocabulary's own spelling, such as {@code ##ing}
 * @param sequences 0 for tokens of the first text, 1 for those of the second, -1 for special ones around them
 * @param words the word within its text that a token belongs to; -1 where the tokenizer knows none
 * @param starts where it begins in its text, in UTF-16 units
 * @param ends where it ends, exclusive
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenizedText(
        long[] ids, long[] types, String[] tokens, int[] sequences, int[] words, int[] starts, int[] ends) {

    static TokenizedText of(Encoding encoding, String text, @Nullable String pair) {
        long[] sequences = encoding.getSequenceIds();
        long[] words = encoding.getWordIds();
        CharSpan[] spans = encoding.getCharTokenSpans();
        int[][] units = {units(text), pair == null ? new int[0] : units(pair)};
        int length = sequences.length;
        TokenizedText result = new TokenizedText(
                encoding.getIds(),
                encoding.getTypeIds(),
                encoding.getTokens(),
                new int[length],
                new int[length],
                new int[length],
                new int[length]);
        for (int i = 0; i < length; i++) {
            int sequence = spans[i] == null ? -1 : (int) sequences[i];
            result.sequences[i] = sequence;
            result.words[i] = (int) words[i];
            if (sequence >= 0) {
                result.starts[i] = unit(units[sequence], spans[i].getStart());
                result.ends[i] = unit(units[sequence], spans[i].getEnd());
            }
        }
        return result;
    }

    /** The tokenizer counts characters, Java's strings count UTF-16 units; empty where both are the same. */
    private static int[] units(String text) {
        int characters = text.codePointCount(0, text.length());
        if (characters == text.length()) {
            return new int[0];
        }
        int[] units = new int[characters + 1];
        int unit = 0;
        for (int i = 0; i < characters; i++) {
            units[i] = unit;
            unit += Character.charCount(text.codePointAt(unit));
        }
        units[characters] = unit;
        return units;
    }

    private static int unit(int[] units, int character) {
        return units.length == 0 ? character : units[character];
    }

    /** The number of tokens. */
    public int length() {
        return ids.length;
    }

    /** The same with at most so many tokens of one text, and the rest of the word with the last of them. */
    public TokenizedText shortened(int sequence, int most) {
        int count = count(sequence);
        if (count <= most) {
            return this;
        }
        int first = first(sequence);
        int end = first + most;
        while (end < first + count && words[end] >= 0 && words[end] == words[end - 1]) {
            end++;
        }
        int gap = first + count - end;
        int from = end;
        int[] places = IntStream.range(0, length() - gap)
                .map(i -> i < from ? i : i + gap)
                .toArray();
        return new TokenizedText(
                IntStream.of(places).mapToLong(i -> ids[i]).toArray(),
                IntStream.of(places).mapToLong(i -> types[i]).toArray(),
                IntStream.of(places).mapToObj(i -> tokens[i]).toArray(String[]::new),
                IntStream.of(places).map(i -> sequences[i]).toArray(),
                IntStream.of(places).map(i -> words[i]).toArray(),
                IntStream.of(places).map(i -> starts[i]).toArray(),
                IntStream.of(places).map(i -> ends[i]).toArray());
    }

    /** The place of the first token of one text; its tokens follow each other. */
    int first(int sequence) {
        int first = 0;
        while (first < sequences.length && sequences[first] != sequence) {
            first++;
        }
        return first;
    }

    /** The number of tokens of one text. */
    public int count(int sequence) {
        int count = 0;
        for (int s : sequences) {
            count += s == sequence ? 1 : 0;
        }
        return count;
    }
}
