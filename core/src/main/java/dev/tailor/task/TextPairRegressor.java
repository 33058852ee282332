package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.List;

/** Says a number for two texts, such as how alike they are. */
public interface TextPairRegressor extends Pipeline<TextPair, Double>, Trainable<Double, RegressionEvaluation> {

    /** The number for a pair of texts. */
    default double value(String first, String second) {
        return predict(new TextPair(first, second));
    }

    /** The number for each pair of texts. */
    default List<Double> values(List<TextPair> pairs) {
        return predict(pairs);
    }
}
