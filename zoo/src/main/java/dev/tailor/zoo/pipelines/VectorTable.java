package dev.tailor.zoo.pipelines;

import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.DType;
import dev.tailor.checkpoint.TensorInfo;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A vector for each token, as model2vec stores them: {@code embeddings [rows, width]}, and where the vocabulary is quantized
 * {@code mapping} from tokens to rows and {@code weights} of tokens. Rows of 32-bit floats stay in the mapped file.
 */
final class VectorTable {
    private final FloatBuffer vectors;
    private final int rows;
    private final int width;
    private final int @Nullable [] mapping;
    private final float @Nullable [] weights;

    private VectorTable(
            FloatBuffer vectors, int rows, int width, int @Nullable [] mapping, float @Nullable [] weights) {
        this.vectors = vectors;
        this.rows = rows;
        this.width = width;
        this.mapping = mapping;
        this.weights = weights;
    }

    static VectorTable read(Path file) {
        Checkpoint checkpoint = Checkpoint.open(file);
        String name = checkpoint.names().contains("embedding.weight") ? "embedding.weight" : "embeddings";
        TensorInfo info = checkpoint
                .info(name)
                .orElseThrow(() ->
                        new TailorException(file + " holds neither \"embeddings\" nor \"embedding.weight\"; it has "
                                + checkpoint.names().stream().limit(20).toList()));
        List<Long> shape = info.shape();
        if (shape.size() != 2 || shape.get(0) < 1 || shape.get(1) < 1 || info.elements() > Integer.MAX_VALUE) {
            throw new TailorException(file + ": " + name + " must have the shape [tokens, width], found " + shape);
        }
        FloatBuffer vectors = info.dtype() == DType.F32
                ? checkpoint.bytes(name).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()
                : FloatBuffer.wrap(checkpoint.floats(name));
        int rows = shape.get(0).intValue();
        float[] weights = checkpoint.names().contains("weights") ? checkpoint.floats("weights") : null;
        int[] mapping = checkpoint.names().contains("mapping") ? mapping(checkpoint, rows, file) : null;
        return new VectorTable(vectors, rows, shape.get(1).intValue(), mapping, weights);
    }

    private static int[] mapping(Checkpoint checkpoint, int rows, Path file) {
        // Row numbers below 2^24 are exact as floats; there cannot be more clusters than tokens.
        float[] stored = checkpoint.floats("mapping");
        int[] mapping = new int[stored.length];
        for (int i = 0; i < stored.length; i++) {
            mapping[i] = (int) stored[i];
            if (mapping[i] != stored[i] || mapping[i] < 0 || mapping[i] >= rows) {
                throw new TailorException(file + ": mapping leads token " + i + " to row " + stored[i] + " of " + rows
                        + " in embeddings");
            }
        }
        return mapping;
    }

    int width() {
        return width;
    }

    /** How many tokens have a vector. */
    int tokens() {
        int count = mapping == null ? rows : mapping.length;
        return weights == null ? count : Math.min(count, weights.length);
    }

    /** The mean of the vectors of some tokens; zeros for none. */
    float[] mean(long[] ids, int count) {
        double[] sum = new double[width];
        for (int i = 0; i < count; i++) {
            int token = (int) ids[i];
            int from = (mapping == null ? token : mapping[token]) * width;
            double weight = weights == null ? 1 : weights[token];
            for (int j = 0; j < width; j++) {
                sum[j] += weight * vectors.get(from + j);
            }
        }
        float[] mean = new float[width];
        for (int j = 0; j < width && count > 0; j++) {
            mean[j] = (float) (sum[j] / count);
        }
        return mean;
    }
}
