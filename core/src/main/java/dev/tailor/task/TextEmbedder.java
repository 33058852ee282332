package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.List;

/** Turns texts into vectors that are near to each other for texts of like meaning. */
public interface TextEmbedder extends Pipeline<String, Embedding> {

    /** The vector of a text. */
    default Embedding embed(String text) {
        return predict(text);
    }

    /** The vector of each text. */
    default List<Embedding> embed(List<String> texts) {
        return predict(texts);
    }
}
