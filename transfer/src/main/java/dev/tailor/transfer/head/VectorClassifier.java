package dev.tailor.transfer.head;

import dev.tailor.TailorException;
import dev.tailor.task.Classification;
import dev.tailor.task.ClassificationEvaluation;
import dev.tailor.task.Score;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A classifier on vectors that are at hand, such as embeddings or word counts: no engine, no network.
 *
 * <pre>{@code
 * VectorClassifier classifier = VectorClassifier.fit(FeatureHead.logisticRegression(), vectors, labels);
 * System.out.println(classifier.evaluate(others, theirLabels));
 * }</pre>
 *
 * <p>Immutable and safe for many threads.
 */
public final class VectorClassifier {
    private final List<String> labels;
    private final VectorModel model;

    private VectorClassifier(List<String> labels, VectorModel model) {
        this.labels = labels;
        this.model = model;
    }

    /**
     * Fits a head to vectors with their labels.
     *
     * @throws IllegalArgumentException if there is not one label for each vector
     * @throws TailorException if there are fewer than two distinct labels
     */
    public static VectorClassifier fit(FeatureHead.Direct head, Rows rows, List<String> labels) {
        List<String> names = List.copyOf(new TreeSet<>(labels));
        if (names.size() < 2) {
            throw new TailorException("A classifier needs at least two classes; the labels are " + names);
        }
        int[] ids = labels.stream().mapToInt(names::indexOf).toArray();
        return new VectorClassifier(names, head.fit(rows, ids, names.size()));
    }

    /** Returns the labels, sorted. */
    public List<String> labels() {
        return labels;
    }

    /** Returns the answer for one vector. */
    public Classification classify(float[] vector) {
        return classify(Rows.of(vector)).get(0);
    }

    /** Returns the answer for each vector; computed on the common pool. */
    public List<Classification> classify(Rows rows) {
        return IntStream.range(0, rows.size())
                .parallel()
                .mapToObj(i -> classification(model.probabilities(rows, i)))
                .toList();
    }

    private Classification classification(float[] probabilities) {
        List<Score> scores = new ArrayList<>();
        for (int c = 0; c < probabilities.length; c++) {
            scores.add(new Score(labels.get(c), probabilities[c]));
        }
        scores.sort(Comparator.comparingDouble(Score::score).reversed());
        return new Classification(scores, false);
    }

    /**
     * Measures on vectors whose labels are known.
     *
     * @throws TailorException if there are none, or a label is not among {@link #labels}
     */
    public ClassificationEvaluation evaluate(Rows rows, List<String> truth) {
        if (rows.size() == 0) {
            throw new TailorException("There is nothing to evaluate on: there are no vectors");
        }
        TreeSet<String> strange = new TreeSet<>(truth);
        labels.forEach(strange::remove);
        if (!strange.isEmpty()) {
            throw new TailorException("The labels " + strange + " are not among the classifier's: " + labels);
        }
        float[][] probabilities = IntStream.range(0, rows.size())
                .parallel()
                .mapToObj(i -> model.probabilities(rows, i))
                .toArray(float[][]::new);
        return ClassificationEvaluation.of(
                labels, truth.stream().mapToInt(labels::indexOf).toArray(), probabilities);
    }
}
