package dev.tailor.task;

import java.util.Locale;

/**
 * A token that may stand in the place of a mask.
 *
 * @param token the token as text
 * @param id its id in the vocabulary
 * @param score its probability in {@code [0, 1]}, among the whole vocabulary
 * @param sequence the text with the token in its place
 */
public record FilledToken(String token, int id, double score, String sequence) {
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %.4f", token, score);
    }
}
