package dev.tailor.examples;

import dev.tailor.task.Classification;
import java.util.Locale;
import java.util.stream.Collectors;

/** Scores as bars of text. */
final class Bars {
    private static final int WIDTH = 30;

    private Bars() {}

    /** The best labels, one line each. */
    static String of(Classification classification, int count) {
        int widest = classification.top(count).stream()
                .mapToInt(s -> s.label().length())
                .max()
                .orElse(0);
        return classification.top(count).stream()
                .map(s -> line(s.label(), widest, s.score()))
                .collect(Collectors.joining("\n"));
    }

    /** One labelled bar for a share in {@code [0, 1]}. */
    static String line(String label, int labelWidth, double share) {
        int filled = (int) Math.round(WIDTH * Math.max(0, Math.min(1, share)));
        String bar = "\u2588".repeat(filled) + "\u2591".repeat(WIDTH - filled);
        return String.format(Locale.ROOT, "  %-" + Math.max(1, labelWidth) + "s %s %.3f", label, bar, share);
    }
}
