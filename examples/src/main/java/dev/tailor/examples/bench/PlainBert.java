package dev.tailor.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.TensorInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** A BERT encoder as one writes it with DJL alone: one native call for each operation, weights as plain arrays. */
final class PlainBert implements AutoCloseable {
    private static final float EPSILON = 1e-12f;

    private final BertShape shape;
    private final NDManager manager;
    private final Map<String, NDArray> weights = new HashMap<>();

    /** Copies a checkpoint's tensors; what is computed belongs to managers of the inputs. */
    PlainBert(BertShape shape, Checkpoint checkpoint, NDManager parent) {
        this.shape = shape;
        this.manager = parent.newSubManager();
        for (String name : checkpoint.names()) {
            TensorInfo info = checkpoint.info(name).orElseThrow();
            long[] sizes = info.shape().stream().mapToLong(Long::longValue).toArray();
            weights.put(name, manager.create(checkpoint.floats(name), new Shape(sizes)));
        }
    }

    /**
     * Runs the encoder.
     *
     * @param ids {@code [batch, length]}, int64
     * @param mask {@code [batch, length]}, int64, 1 takes part
     * @return the last hidden state {@code [batch, length, width]}, attached to {@code target}
     */
    NDArray forward(NDArray ids, NDArray mask, NDManager target) {
        try (NDManager call = target.newSubManager()) {
            NDArray excluded = mask.toType(DataType.FLOAT32, true);
            excluded.attach(call);
            NDArray bias = excluded.sub(1f).muli(1e9f).reshape(mask.getShape().get(0), 1, 1, -1);
            NDArray x = embeddings(ids, call);
            for (int i = 0; i < shape.layers(); i++) {
                x = layer("encoder.layer." + i + ".", x, bias, call);
            }
            x.attach(target);
            return x;
        }
    }

    private NDArray embeddings(NDArray ids, NDManager call) {
        String at = "embeddings.";
        NDArray words = Embedding.embedding(ids, weight(at + "word_embeddings.weight"), SparseFormat.DENSE)
                .singletonOrThrow();
        words.attach(call);
        NDArray positions = weight(at + "position_embeddings.weight")
                .get(call, new NDIndex().addSliceDim(0, ids.getShape().get(1)));
        NDArray kind = weight(at + "token_type_embeddings.weight").get(call, new NDIndex().addSliceDim(0, 1));
        return norm(at + "LayerNorm", words.addi(positions).addi(kind));
    }

    /** Frees what a layer made as soon as the next one can run, which keeps the memory in use small and warm. */
    private NDArray layer(String at, NDArray x, NDArray bias, NDManager call) {
        try (NDManager scope = call.newSubManager()) {
            x.attach(scope);
            NDArray query = heads(linear(at + "attention.self.query", x));
            NDArray key = heads(linear(at + "attention.self.key", x));
            NDArray value = heads(linear(at + "attention.self.value", x));
            float scale = (float) (1 / Math.sqrt((double) shape.width() / shape.heads()));
            NDArray scores = query.muli(scale).matMul(key.swapAxes(-1, -2)).addi(bias);
            NDArray attended = scores.softmax(-1).matMul(value).transpose(0, 2, 1, 3);
            NDArray joined = attended.reshape(x.getShape());
            NDArray first = norm(
                    at + "attention.output.LayerNorm",
                    linear(at + "attention.output.dense", joined).addi(x));
            NDArray inner = Activation.gelu(linear(at + "intermediate.dense", first));
            NDArray second = norm(
                    at + "output.LayerNorm", linear(at + "output.dense", inner).addi(first));
            second.attach(call);
            return second;
        }
    }

    private NDArray heads(NDArray x) {
        Shape s = x.getShape();
        return x.reshape(s.get(0), s.get(1), shape.heads(), shape.width() / shape.heads())
                .transpose(0, 2, 1, 3);
    }

    private NDArray linear(String name, NDArray x) {
        NDList result = Linear.linear(x, weight(name + ".weight"), weight(name + ".bias"));
        return result.singletonOrThrow();
    }

    private NDArray norm(String name, NDArray x) {
        Shape width = new Shape(shape.width());
        return LayerNorm.layerNorm(x, width, weight(name + ".weight"), weight(name + ".bias"), EPSILON)
                .singletonOrThrow();
    }

    private NDArray weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    /** The weights by the checkpoint's names, which stay this object's. */
    Map<String, NDArray> weights() {
        return Map.copyOf(weights);
    }

    @Override
    public void close() {
        manager.close();
    }
}
