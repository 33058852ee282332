package dev.tailor.task;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Rows of precision, recall and F1 as plain text, laid out as scikit-learn's classification_report. */
final class MetricsTable {
    private MetricsTable() {}

    /** The rows, an empty line, the averages. */
    static String render(List<ClassMetrics> rows, List<ClassMetrics> averages) {
        int first = Stream.concat(rows.stream(), averages.stream())
                .mapToInt(m -> width(m.label()))
                .max()
                .orElse(0);
        StringBuilder out = new StringBuilder();
        out.append(" ".repeat(first)).append("  precision     recall         f1    support\n");
        rows.forEach(m -> row(out, first, m));
        out.append('\n');
        averages.forEach(m -> row(out, first, m));
        return out.toString();
    }

    private static void row(StringBuilder out, int first, ClassMetrics m) {
        out.append(" ".repeat(first - width(m.label()))).append(m.label());
        out.append(
                String.format(Locale.ROOT, "%11.3f%11.3f%11.3f%11d", m.precision(), m.recall(), m.f1(), m.support()));
        out.append('\n');
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
