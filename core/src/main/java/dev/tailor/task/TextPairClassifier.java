package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.List;

/** Puts labels on pairs of texts, such as whether the second follows from the first. */
public interface TextPairClassifier
        extends Pipeline<TextPair, Classification>, Trainable<String, ClassificationEvaluation> {

    /** All labels for a pair of texts, best first. */
    default Classification classify(String first, String second) {
        return predict(new TextPair(first, second));
    }

    /** All labels for each pair of texts. */
    default List<Classification> classify(List<TextPair> pairs) {
        return predict(pairs);
    }

    /** The labels that the model knows, by id. */
    List<String> labels();
}
