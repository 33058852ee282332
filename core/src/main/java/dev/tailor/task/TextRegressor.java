package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.List;

/** Says a number for a text, such as how many stars a review gives. */
public interface TextRegressor extends Pipeline<String, Double>, Trainable<Double, RegressionEvaluation> {

    /** The number for a text. */
    default double value(String text) {
        return predict(text);
    }

    /** The number for each text. */
    default List<Double> values(List<String> texts) {
        return predict(texts);
    }
}
