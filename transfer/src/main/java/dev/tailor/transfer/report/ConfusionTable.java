package dev.tailor.transfer.report;

import dev.tailor.task.ClassMetrics;
import dev.tailor.task.ClassificationEvaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A classifier's evaluation as tables of a page. */
final class ConfusionTable {
    private static final int MOST_CLASSES = 40;
    private static final int MOST_PAIRS = 30;

    private ConfusionTable() {}

    static String html(ClassificationEvaluation evaluation) {
        StringBuilder out = new StringBuilder("<h2>Confusion matrix</h2>\n");
        if (evaluation.labels().size() <= MOST_CLASSES) {
            matrix(out, evaluation);
        } else {
            pairs(out, evaluation);
        }
        out.append("<h2>Classes</h2>\n<div class=\"wide\"><table>\n")
                .append(Html.head(List.of("Class", "Precision", "Recall", "F1", "Examples")));
        for (ClassMetrics c : evaluation.classes()) {
            out.append(Html.row(List.of(
                    c.label(),
                    Html.fixed(c.precision()),
                    Html.fixed(c.recall()),
                    Html.fixed(c.f1()),
                    Integer.toString(c.support()))));
        }
        return out.append("</table></div>\n").toString();
    }

    private static void matrix(StringBuilder out, ClassificationEvaluation evaluation) {
        int[][] counts = evaluation.confusionMatrix();
        List<String> head = new ArrayList<>(List.of("True \\ predicted"));
        head.addAll(evaluation.labels());
        out.append("<div class=\"wide\"><table class=\"matrix\">\n").append(Html.head(head));
        for (int row = 0; row < counts.length; row++) {
            int support = evaluation.classes().get(row).support();
            out.append("<tr><th scope=\"row\">")
                    .append(Html.escape(evaluation.labels().get(row)))
                    .append("</th>");
            for (int column = 0; column < counts.length; column++) {
                double share = support == 0 ? 0 : (double) counts[row][column] / support;
                out.append(String.format(
                        Locale.ROOT,
                        "<td class=\"n %s\" style=\"--s:%.3f\" title=\"%.1f %%\">%d</td>",
                        row == column ? "right" : "wrong",
                        share,
                        100 * share,
                        counts[row][column]));
            }
            out.append("</tr>\n");
        }
        out.append("</table></div>\n");
    }

    private record Pair(String truth, String found, int count) {}

    /** With very many classes the matrix is mostly empty. */
    private static void pairs(StringBuilder out, ClassificationEvaluation evaluation) {
        int[][] counts = evaluation.confusionMatrix();
        List<Pair> pairs = new ArrayList<>();
        for (int row = 0; row < counts.length; row++) {
            for (int column = 0; column < counts.length; column++) {
                if (row != column && counts[row][column] > 0) {
                    pairs.add(new Pair(
                            evaluation.labels().get(row), evaluation.labels().get(column), counts[row][column]));
                }
            }
        }
        pairs.sort(Comparator.comparingInt(Pair::count).reversed());
        out.append("<p>The most frequent confusions among ")
                .append(counts.length)
                .append(" classes.</p>\n<div class=\"wide\"><table>\n")
                .append(Html.head(List.of("True", "Predicted", "Times")));
        pairs.stream()
                .limit(MOST_PAIRS)
                .forEach(p -> out.append(Html.row(List.of(p.truth(), p.found(), Integer.toString(p.count())))));
        out.append("</table></div>\n");
    }
}
