package dev.tailor.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How well predicted classes match the true ones. {@link #toString} prints the table.
 *
 * <p>The numbers are those of scikit-learn's {@code classification_report} over all given labels with
 * {@code zero_division=0}: a class that never occurs and is never predicted counts as 0 in the macro averages. Immutable
 * and safe for many threads.
 */
public final class ClassificationEvaluation implements Evaluation {
    private final List<String> labels;
    private final int[][] confusion;
    private final int size;
    private final List<ClassMetrics> classes;
    private final @Nullable Probabilities probabilities;

    private ClassificationEvaluation(
            List<String> labels, int[] truth, int[] predicted, @Nullable Probabilities probabilities) {
        this.labels = labels;
        this.size = truth.length;
        this.confusion = new int[labels.size()][labels.size()];
        for (int i = 0; i < size; i++) {
            confusion[truth[i]][predicted[i]]++;
        }
        this.classes = metrics(labels, confusion);
        this.probabilities = probabilities;
    }

    /**
     * Compares predictions with the truth.
     *
     * @param labels the distinct names of the classes
     * @param truth for each example the index of its true class
     * @param predicted for each example the index of the predicted class
     * @throws IllegalArgumentException when there are no examples, the lengths differ, an index has no label, or labels repeat
     */
    public static ClassificationEvaluation of(List<String> labels, int[] truth, int[] predicted) {
        List<String> names = distinct(labels);
        check(names, truth, predicted.length, "predictions");
        checkIndices("predicted", predicted, names.size());
        return new ClassificationEvaluation(names, truth, predicted, null);
    }

    /**
     * Compares probabilities with the truth; the likeliest class is the prediction, the first one of equals.
     *
     * @param labels the distinct names of the classes
     * @param truth for each example the index of its true class
     * @param probabilities for each example one number from 0 to 1 for each class
     * @throws IllegalArgumentException as for the other method, or when a row has the wrong length or a number outside 0 to 1
     */
    public static ClassificationEvaluation of(List<String> labels, int[] truth, float[][] probabilities) {
        List<String> names = distinct(labels);
        check(names, truth, probabilities.length, "rows of probabilities");
        Probabilities known = Probabilities.of(truth, probabilities, names.size());
        return new ClassificationEvaluation(names, truth, known.predicted(), known);
    }

    /** The accuracy. */
    @Override
    public double score() {
        return accuracy();
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("accuracy", accuracy());
        all.put("macro_precision", macroPrecision());
        all.put("macro_recall", macroRecall());
        all.put("macro_f1", macroF1());
        all.put("micro_f1", microF1());
        all.put("weighted_f1", weightedF1());
        if (probabilities != null) {
            all.put("log_loss", logLoss());
            all.put("roc_auc", rocAuc());
            all.put("calibration_error", calibrationError());
        }
        return all;
    }

    /** Returns the names of the classes, in the order of the confusion matrix. */
    public List<String> labels() {
        return labels;
    }

    /** Returns the number of examples, at least 1. */
    public int size() {
        return size;
    }

    /** Returns the share of examples whose class was predicted, 0 to 1. */
    public double accuracy() {
        int right = 0;
        for (int i = 0; i < confusion.length; i++) {
            right += confusion[i][i];
        }
        return (double) right / size;
    }

    /** Returns the metrics of each class, in the order of the labels. */
    public List<ClassMetrics> classes() {
        return classes;
    }

    /**
     * Returns the metrics of one class.
     *
     * @throws IllegalArgumentException when there is no such class
     */
    public ClassMetrics metrics(String label) {
        Optional<ClassMetrics> found =
                classes.stream().filter(c -> c.label().equals(label)).findFirst();
        return found.orElseThrow(
                () -> new IllegalArgumentException("No class \"" + label + "\"; the classes are " + labels));
    }

    /** Returns the mean precision of the classes, each counted alike, 0 to 1. */
    public double macroPrecision() {
        return macro(ClassMetrics::precision);
    }

    /** Returns the mean recall of the classes, each counted alike, 0 to 1. */
    public double macroRecall() {
        return macro(ClassMetrics::recall);
    }

    /** Returns the mean F1 of the classes, each counted alike, 0 to 1. */
    public double macroF1() {
        return macro(ClassMetrics::f1);
    }

    /**
     * Returns the F1 over all decisions, 0 to 1. With one label for each example it is the accuracy, and so are the micro averages of
     * precision and recall.
     */
    public double microF1() {
        return accuracy();
    }

    /** Returns the mean precision of the classes, each counted by its support, 0 to 1. */
    public double weightedPrecision() {
        return weighted(ClassMetrics::precision);
    }

    /** Returns the mean recall of the classes, each counted by its support, 0 to 1; the same as the accuracy. */
    public double weightedRecall() {
        return weighted(ClassMetrics::recall);
    }

    /** Returns the mean F1 of the classes, each counted by its support, 0 to 1. */
    public double weightedF1() {
        return weighted(ClassMetrics::f1);
    }

    /** Returns a copy of the counts: a row for each true class, a column for each predicted class. */
    public int[][] confusionMatrix() {
        int[][] copy = new int[confusion.length][];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = confusion[i].clone();
        }
        return copy;
    }

    /**
     * Returns the share of examples whose true class is among the {@code k} likeliest, 0 to 1. Of equally likely classes
     * those with the smaller index come first.
     *
     * @throws IllegalStateException when this evaluation was made without probabilities
     * @throws IllegalArgumentException when {@code k} is below 1
     */
    public double topAccuracy(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, found " + k);
        }
        return probabilities().topAccuracy(k);
    }

    /**
     * Returns the mean of the negative natural logarithm of the true class's probability, 0 or more, also called cross
     * entropy. A probability of 0 counts as the smallest step of a float, 2^-23, as in scikit-learn.
     *
     * @throws IllegalStateException when this evaluation was made without probabilities
     */
    public double logLoss() {
        return probabilities().logLoss();
    }

    /**
     * Returns the area under the receiver operating characteristic curve: of two classes the second one's, else the mean of each
     * class against the rest. Classes that every example or none belongs to do not count.
     *
     * @return 0 to 1, or {@code NaN} where only one class occurs
     * @throws IllegalStateException when this evaluation was made without probabilities
     */
    public double rocAuc() {
        return probabilities().rocAuc();
    }

    /**
     * Returns by how much the probability of the predicted class differs from how often it is right: the expected calibration
     * error over 15 bins of equal width (Guo et al. 2017, arXiv 1706.04599), 0 to 1.
     *
     * @throws IllegalStateException when this evaluation was made without probabilities
     */
    public double calibrationError() {
        return probabilities().calibrationError();
    }

    /** Returns the table: a row for each class, then the averages, and the confusion matrix for up to 12 classes. */
    @Override
    public String toString() {
        return EvaluationTable.render(this);
    }

    private Probabilities probabilities() {
        if (probabilities == null) {
            throw new IllegalStateException(
                    "This evaluation knows only the predicted classes. Make it with of(labels, truth, probabilities).");
        }
        return probabilities;
    }

    private double macro(ToDoubleFunction<ClassMetrics> metric) {
        return classes.stream().mapToDouble(metric).sum() / classes.size();
    }

    private double weighted(ToDoubleFunction<ClassMetrics> metric) {
        return classes.stream()
                        .mapToDouble(c -> metric.applyAsDouble(c) * c.support())
                        .sum()
                / size;
    }

    private static List<ClassMetrics> metrics(List<String> labels, int[][] confusion) {
        List<ClassMetrics> metrics = new ArrayList<>();
        for (int c = 0; c < confusion.length; c++) {
            int support = 0;
            int predicted = 0;
            for (int other = 0; other < confusion.length; other++) {
                support += confusion[c][other];
                predicted += confusion[other][c];
            }
            int right = confusion[c][c];
            metrics.add(new ClassMetrics(
                    labels.get(c),
                    ratio(right, predicted),
                    ratio(right, support),
                    ratio(2.0 * right, (double) predicted + support),
                    support));
        }
        return List.copyOf(metrics);
    }

    private static double ratio(double numerator, double denominator) {
        return denominator == 0 ? 0 : numerator / denominator;
    }

    private static List<String> distinct(List<String> labels) {
        List<String> names = List.copyOf(labels);
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("Labels must be distinct, found " + names);
        }
        return names;
    }

    private static void check(List<String> labels, int[] truth, int predictions, String what) {
        if (truth.length != predictions) {
            throw new IllegalArgumentException("Each example needs its truth and its prediction; found " + truth.length
                    + " truths and " + predictions + " " + what);
        }
        if (truth.length == 0) {
            throw new IllegalArgumentException("Nothing to evaluate: there are no examples");
        }
        checkIndices("true", truth, labels.size());
    }

    private static void checkIndices(String what, int[] indices, int classes) {
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= classes) {
                throw new IllegalArgumentException("The " + what + " class of example " + i + " is " + indices[i]
                        + ", but there are " + classes + " labels");
            }
        }
    }
}
