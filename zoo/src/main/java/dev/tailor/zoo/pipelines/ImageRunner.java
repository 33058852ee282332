package dev.tailor.zoo.pipelines;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.PretrainedModel;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.ImagePreprocessor;
import dev.tailor.zoo.preprocess.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Pictures in, one vector of an output for each out.
 *
 * @param output the output's name; its elements behind the batch axis form the vector
 */
record ImageRunner(PretrainedModel model, ImagePreprocessor preprocessor, String output) {
    private static final int BATCH = 16;

    float[] run(RgbImage image) {
        return runBatch(List.of(image)).get(0);
    }

    List<float[]> run(List<Image> images) {
        // Decoding happens batch by batch: a long list of large pictures never lies on the heap at once.
        return Batches.run(
                images,
                BATCH,
                i -> 0,
                batch -> runBatch(batch.stream().map(ImageDecoder::of).toList()));
    }

    private List<float[]> runBatch(List<RgbImage> images) {
        try (NDManager manager = model.newManager()) {
            NDArray result = Objects.requireNonNull(
                    model.forward(preprocessor.pixels(images, manager)).get(output));
            float[] values = result.toFloatArray();
            int width = values.length / images.size();
            List<float[]> vectors = new ArrayList<>();
            for (int i = 0; i < images.size(); i++) {
                vectors.add(Arrays.copyOfRange(values, i * width, (i + 1) * width));
            }
            return vectors;
        }
    }
}
