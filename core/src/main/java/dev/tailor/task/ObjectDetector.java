package dev.tailor.task;

import ai.djl.modality.cv.Image;
import dev.tailor.Pipeline;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Finds objects in pictures. Objects with a score of at most the threshold do not count; it is 0.5 at first. */
public interface ObjectDetector extends Pipeline<Image, Detections> {

    /** The objects in a picture. */
    default Detections detect(Image image) {
        return predict(image);
    }

    /** The objects in a picture file. */
    Detections detect(Path file);

    /** The objects in a picture file's bytes; reads the stream to its end and leaves it open. */
    Detections detect(InputStream file);

    /** The objects in a picture. */
    Detections detect(BufferedImage image);

    /** The objects in each picture. */
    default List<Detections> detect(List<Image> images) {
        return predict(images);
    }

    /**
     * A detector on the same model with another threshold; closing either closes the model.
     *
     * @param value from 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    ObjectDetector threshold(double value);

    /** The threshold. */
    double threshold();

    /** The labels that the model knows, by id. */
    List<String> labels();
}
