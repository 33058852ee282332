package dev.tailor.task;

import ai.djl.modality.cv.Image;
import dev.tailor.Pipeline;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Turns pictures into vectors: the features that the network's classifier reads. */
public interface ImageEmbedder extends Pipeline<Image, Embedding> {

    /** The vector of a picture. */
    default Embedding embed(Image image) {
        return predict(image);
    }

    /** The vector of a picture file. */
    Embedding embed(Path file);

    /** The vector of a picture file's bytes; reads the stream to its end and leaves it open. */
    Embedding embed(InputStream file);

    /** The vector of a picture. */
    Embedding embed(BufferedImage image);

    /** The vector of each picture. */
    default List<Embedding> embed(List<Image> images) {
        return predict(images);
    }
}
