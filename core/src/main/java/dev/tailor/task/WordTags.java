package dev.tailor.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The words of a text with their tags: what a {@link TokenClassifier} learns from. Tags of entities are {@code O} or have a
 * prefix ({@code B-person}, {@code I-person}, and {@code E-}, {@code S-} where data has them); tags without any, such as parts of
 * speech, are as good.
 *
 * @param words in the text's order; they do not overlap
 */
public record WordTags(List<WordTag> words) {
    /** The tag of a word that belongs to no entity. */
    public static final String OUTSIDE = "O";

    /** Refuses words that overlap or are out of order. */
    public WordTags {
        words = List.copyOf(words);
        for (int i = 1; i < words.size(); i++) {
            if (words.get(i).start() < words.get(i - 1).end()) {
                throw new IllegalArgumentException(
                        "words must follow each other, found " + words.get(i) + " after " + words.get(i - 1));
            }
        }
    }

    /**
     * Words with a tag each, as CoNLL files have them; they stand in the text that {@link #text} makes of them.
     *
     * @throws IllegalArgumentException if there are not as many tags as words, or a word is empty
     */
    public static WordTags of(List<String> words, List<String> tags) {
        if (words.size() != tags.size()) {
            throw new IllegalArgumentException(
                    "each word needs a tag, found " + words.size() + " words and " + tags.size() + " tags");
        }
        List<WordTag> all = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < words.size(); i++) {
            int end = at + words.get(i).length();
            all.add(new WordTag(at, end, tags.get(i)));
            at = end + 1;
        }
        return new WordTags(all);
    }

    /** The text of words: a space between each two. */
    public static String text(List<String> words) {
        return String.join(" ", words);
    }

    /**
     * Labelled stretches of a text as tags {@code B-}, {@code I-} and {@code O} of its words: runs of letters and digits, and every
     * other character that is no space by itself. A word also ends where a stretch begins or ends.
     *
     * @throws IllegalArgumentException if stretches overlap or leave the text
     */
    public static WordTags ofSpans(String text, List<LabelledSpan> spans) {
        List<LabelledSpan> sorted = spans.stream()
                .sorted(Comparator.comparingInt(LabelledSpan::start))
                .toList();
        List<WordTag> words = new ArrayList<>();
        int at = 0;
        for (LabelledSpan span : sorted) {
            if (span.start() < at || span.end() > text.length()) {
                throw new IllegalArgumentException(
                        span + " overlaps another span or leaves the text, which has " + text.length() + " characters");
            }
            split(text, at, span.start(), OUTSIDE, OUTSIDE, words);
            split(text, span.start(), span.end(), "B-" + span.label(), "I-" + span.label(), words);
            at = span.end();
        }
        split(text, at, text.length(), OUTSIDE, OUTSIDE, words);
        return new WordTags(words);
    }

    private static void split(String text, int from, int to, String first, String rest, List<WordTag> words) {
        String tag = first;
        for (int start = from; start < to; ) {
            int letter = text.codePointAt(start);
            int end = Math.min(to, start + Character.charCount(letter));
            if (!Character.isWhitespace(letter) && !Character.isSpaceChar(letter)) {
                while (inWord(letter) && end < to && inWord(text.codePointAt(end))) {
                    end = Math.min(to, end + Character.charCount(text.codePointAt(end)));
                }
                words.add(new WordTag(start, end, tag));
                tag = rest;
            }
            start = end;
        }
    }

    private static boolean inWord(int letter) {
        return Character.isLetterOrDigit(letter)
                || Character.getType(letter) == Character.NON_SPACING_MARK
                || Character.getType(letter) == Character.COMBINING_SPACING_MARK;
    }

    /** The tags in order. */
    public List<String> tags() {
        return words.stream().map(WordTag::tag).toList();
    }
}
