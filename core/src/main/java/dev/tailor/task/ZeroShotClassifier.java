package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.List;

/**
 * Puts labels on texts that the model was never trained on: it judges whether the text entails "This example is {label}".
 *
 * <p>Options return a copy that shares the network; closing either closes both.
 */
public interface ZeroShotClassifier extends Pipeline<LabelChoice, Classification> {

    /** The labels for a text, best first. */
    default Classification classify(String text, List<String> labels) {
        return predict(new LabelChoice(text, labels));
    }

    /** The labels for each text, best first. */
    default List<Classification> classify(List<String> texts, List<String> labels) {
        return predict(texts.stream().map(t -> new LabelChoice(t, labels)).toList());
    }

    /**
     * The sentence that makes a hypothesis of a label; {@code This example is {}.} without it.
     *
     * @param template has one {@code {}} where the label goes
     */
    ZeroShotClassifier hypothesis(String template);

    /** Whether each label is judged by itself, so that none or several may hold; false without it: the scores sum to 1. */
    ZeroShotClassifier multiLabel(boolean value);
}
