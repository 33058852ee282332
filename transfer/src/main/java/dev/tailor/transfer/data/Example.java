package dev.tailor.transfer.data;

import java.util.Objects;

/**
 * One input with the answer that a model should give for it.
 *
 * @param input what the model sees
 * @param target what it should answer, for example the label
 * @param source where the example came from ({@code "daisy/123.jpg"}, {@code "row 17"}), for messages and reports; empty
 *     when nobody said
 */
public record Example<I, T>(I input, T target, String source) {
    /** Refuses nulls. */
    public Example {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(source, "source");
    }

    /** Creates an example that does not know where it came from. */
    public static <I, T> Example<I, T> of(I input, T target) {
        return new Example<>(input, target, "");
    }
}
