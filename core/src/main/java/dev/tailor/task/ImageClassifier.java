package dev.tailor.task;

import ai.djl.modality.cv.Image;
import dev.tailor.Pipeline;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Puts labels on pictures. */
public interface ImageClassifier extends Pipeline<Image, Classification>, Trainable<String, ClassificationEvaluation> {

    /** All labels for a picture, best first. */
    default Classification classify(Image image) {
        return predict(image);
    }

    /** All labels for a picture file. */
    Classification classify(Path file);

    /** All labels for a picture file's bytes; reads the stream to its end and leaves it open. */
    Classification classify(InputStream file);

    /** All labels for a picture. */
    Classification classify(BufferedImage image);

    /** All labels for each picture. */
    default List<Classification> classify(List<Image> images) {
        return predict(images);
    }

    /** The labels that the model knows, by id. */
    List<String> labels();
}
