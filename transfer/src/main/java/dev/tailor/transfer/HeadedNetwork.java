package dev.tailor.transfer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.tailor.engine.Network;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.transfer.head.Rows;
import dev.tailor.transfer.head.VectorModel;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * A network up to its features, with a classifier behind that is no part of it.
 *
 * @param backbone gives the features
 * @param program what the network would be with its own classifier
 * @param model reads standardized features
 */
record HeadedNetwork(Network backbone, Program program, Standardizer standardizer, VectorModel model)
        implements Network {
    @Override
    public NDManager newManager() {
        return backbone.newManager();
    }

    @Override
    public Map<String, NDArray> forward(Map<String, NDArray> inputs) {
        NDArray features = Objects.requireNonNull(backbone.forward(inputs).get(TracedModel.FEATURES));
        int count = (int) features.getShape().get(0);
        float[] values = features.toFloatArray();
        int width = values.length / count;
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
            standardizer.apply(rows[i], 0);
        }
        Rows all = Rows.of(rows);
        int classes = model.classes();
        float[] logits = new float[count * classes];
        for (int i = 0; i < count; i++) {
            double[] scores = model.scores(all, i);
            for (int c = 0; c < classes; c++) {
                logits[i * classes + c] = (float) scores[c];
            }
        }
        return Map.of("logits", features.getManager().create(logits, new Shape(count, classes)));
    }

    @Override
    public Device device() {
        return backbone.device();
    }

    @Override
    public Block block() {
        throw new UnsupportedOperationException("the head is no part of the network, so there is no block of both");
    }

    @Override
    public void close() {
        backbone.close();
    }
}
