package dev.tailor.task;

import ai.djl.modality.cv.Image;
import dev.tailor.Pipeline;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Turns pictures into what the parts of a network make of them, first to last: the reference library's {@code hidden_states}, such as
 * a transformer's embeddings and each layer's output, or each stage's of a convolutional network.
 */
public interface FeatureMapper extends Pipeline<Image, List<FeatureMap>> {

    /** The maps of a picture. */
    default List<FeatureMap> maps(Image image) {
        return predict(image);
    }

    /** The maps of a picture file. */
    List<FeatureMap> maps(Path file);

    /** The maps of a picture file's bytes; reads the stream to its end and leaves it open. */
    List<FeatureMap> maps(InputStream file);

    /** The maps of a picture. */
    List<FeatureMap> maps(BufferedImage image);

    /** The maps of each picture. */
    default List<List<FeatureMap>> maps(List<Image> images) {
        return predict(images);
    }
}
