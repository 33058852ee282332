package dev.tailor.task;

import java.util.List;
import java.util.Locale;

/** The evaluation as plain text, laid out as scikit-learn's classification_report. */
final class EvaluationTable {
    private static final int MOST_CLASSES = 12;
    private static final int WIDEST_COLUMN = 12;
    private static final String WEIGHTED = "weighted avg";

    private EvaluationTable() {}

    static String render(ClassificationEvaluation evaluation) {
        StringBuilder out = new StringBuilder();
        int first = WEIGHTED.length();
        for (String label : evaluation.labels()) {
            first = Math.max(first, width(label));
        }
        line(out, first, "", "precision", "recall", "f1", "support");
        for (ClassMetrics c : evaluation.classes()) {
            metrics(out, first, c.label(), c.precision(), c.recall(), c.f1(), c.support());
        }
        int size = evaluation.size();
        out.append('\n');
        line(out, first, "accuracy", "", "", ratio(evaluation.accuracy()), Integer.toString(size));
        metrics(
                out,
                first,
                "macro avg",
                evaluation.macroPrecision(),
                evaluation.macroRecall(),
                evaluation.macroF1(),
                size);
        metrics(
                out,
                first,
                WEIGHTED,
                evaluation.weightedPrecision(),
                evaluation.weightedRecall(),
                evaluation.weightedF1(),
                size);
        if (evaluation.labels().size() <= MOST_CLASSES) {
            confusion(out, first, evaluation.labels(), evaluation.confusionMatrix());
        }
        return out.toString();
    }

    private static void metrics(
            StringBuilder out, int first, String name, double precision, double recall, double f1, int support) {
        line(out, first, name, ratio(precision), ratio(recall), ratio(f1), Integer.toString(support));
    }

    private static void line(
            StringBuilder out, int first, String name, String precision, String recall, String f1, String support) {
        out.append(" ".repeat(first - width(name))).append(name);
        for (String cell : new String[] {precision, recall, f1, support}) {
            out.append(" ".repeat(11 - cell.length())).append(cell);
        }
        out.append('\n');
    }

    private static void confusion(StringBuilder out, int first, List<String> labels, int[][] confusion) {
        String corner = "true \\ predicted";
        int left = Math.max(first, corner.length());
        int column = 0;
        for (int i = 0; i < confusion.length; i++) {
            column = Math.max(column, Math.min(WIDEST_COLUMN, width(labels.get(i))));
            for (int count : confusion[i]) {
                column = Math.max(column, Integer.toString(count).length());
            }
        }
        out.append('\n').append(" ".repeat(left - corner.length())).append(corner);
        for (String label : labels) {
            String name =
                    width(label) > column ? label.substring(0, label.offsetByCodePoints(0, column - 1)) + "…" : label;
            out.append(" ".repeat(2 + column - width(name))).append(name);
        }
        out.append('\n');
        for (int i = 0; i < confusion.length; i++) {
            out.append(" ".repeat(left - width(labels.get(i)))).append(labels.get(i));
            for (int count : confusion[i]) {
                String cell = Integer.toString(count);
                out.append(" ".repeat(2 + column - cell.length())).append(cell);
            }
            out.append('\n');
        }
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
