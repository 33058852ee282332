package dev.tailor.task;

import ai.djl.modality.cv.Image;
import dev.tailor.Pipeline;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Puts a label on each pixel of a picture. */
public interface ImageSegmenter
        extends Pipeline<Image, Segmentation>, Trainable<SegmentationMap, SegmentationEvaluation> {

    /** The labels of a picture's pixels. */
    default Segmentation segment(Image image) {
        return predict(image);
    }

    /** The labels of a picture file's pixels. */
    Segmentation segment(Path file);

    /** The labels of the pixels in a picture file's bytes; reads the stream to its end and leaves it open. */
    Segmentation segment(InputStream file);

    /** The labels of a picture's pixels. */
    Segmentation segment(BufferedImage image);

    /** The labels of each picture's pixels. */
    default List<Segmentation> segment(List<Image> images) {
        return predict(images);
    }

    /** The labels that the model knows, by id. */
    List<String> labels();
}
