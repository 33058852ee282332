package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.List;

/**
 * Puts labels on texts.
 *
 * <p>Options return a copy that shares the network; closing either closes both.
 */
public interface TextClassifier extends Pipeline<String, Classification>, Trainable<String, ClassificationEvaluation> {

    /** All labels for a text, best first. */
    default Classification classify(String text) {
        return predict(text);
    }

    /** All labels for a pair of texts, such as a premise and a hypothesis. */
    Classification classify(String text, String pair);

    /** All labels for each text. */
    default List<Classification> classify(List<String> texts) {
        return predict(texts);
    }

    /** All labels for each pair of texts. */
    List<Classification> classifyPairs(List<TextPair> pairs);

    /** What makes scores of the network's outputs, instead of what the model's config asks for. */
    TextClassifier scoreFunction(ScoreFunction value);

    /** The labels that the model knows, by id. */
    List<String> labels();
}
