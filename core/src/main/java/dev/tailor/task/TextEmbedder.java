package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.List;
import java.util.Map;

/** Turns texts into vectors that are near to each other for texts of like meaning. */
public interface TextEmbedder extends Pipeline<String, Embedding>, Trainable<Likeness, EmbeddingEvaluation> {

    /** The vector of a text. */
    default Embedding embed(String text) {
        return predict(text);
    }

    /** The vector of each text. */
    default List<Embedding> embed(List<String> texts) {
        return predict(texts);
    }

    /**
     * The vector of a text with one of the model's prompts before it, instead of its default prompt.
     *
     * @param promptName a key of {@link #prompts}, such as {@code query}
     * @throws IllegalArgumentException if the model has no such prompt
     */
    default Embedding embed(String text, String promptName) {
        return embed(List.of(text), promptName).get(0);
    }

    /**
     * The vector of each text with one of the model's prompts before it, instead of its default prompt.
     *
     * @param promptName a key of {@link #prompts}, such as {@code query}
     * @throws IllegalArgumentException if the model has no such prompt
     */
    List<Embedding> embed(List<String> texts, String promptName);

    /** The prompts that the model was trained with, by name. */
    Map<String, String> prompts();

    /** How its vectors are meant to be compared; the cosine where the model says nothing. */
    Similarity similarity();
}
