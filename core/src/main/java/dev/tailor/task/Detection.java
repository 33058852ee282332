package dev.tailor.task;

import java.util.Locale;

/**
 * One object in a picture.
 *
 * @param label what it is
 * @param id the label's number in the model
 * @param score a probability in {@code [0, 1]}
 * @param box where it is, in the original picture's pixels
 */
public record Detection(String label, int id, double score, Box box) {

    /** The label, the score and the box, such as {@code cat 0.9871 at (12.0, 7.5, 90.1, 64.0)}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %.4f at %s", label, score, box);
    }
}
