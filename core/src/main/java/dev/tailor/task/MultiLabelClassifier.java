package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Puts any number of labels on texts: each label has a probability by itself. */
public interface MultiLabelClassifier
        extends Pipeline<String, Classification>, Trainable<Set<String>, MultiLabelEvaluation> {

    /** All labels for a text, best first; their scores do not sum to 1. */
    default Classification classify(String text) {
        return predict(text);
    }

    /** All labels for each text. */
    default List<Classification> classify(List<String> texts) {
        return predict(texts);
    }

    /** The labels of a text whose probability is at least one half, best first. */
    default Set<String> labelsOf(String text) {
        return labelsOf(text, 0.5);
    }

    /** The labels of a text whose probability is at least this, best first. */
    default Set<String> labelsOf(String text, double threshold) {
        Set<String> labels = new LinkedHashSet<>();
        predict(text).scores().stream().filter(s -> s.score() >= threshold).forEach(s -> labels.add(s.label()));
        return labels;
    }

    /** The labels that the model knows, by id. */
    List<String> labels();
}
