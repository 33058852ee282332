package dev.tailor.zoo.pipelines;

import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.ModelConfig;
import java.nio.file.Path;
import java.util.function.DoubleUnaryOperator;

/** A step of sentence-transformers behind the pooling, on one vector. Immutable and safe for many threads. */
@FunctionalInterface
interface SentenceModule {
    float[] apply(float[] vector);

    /**
     * Reads a step of {@code modules.json}.
     *
     * @param type the last part of its class name, such as {@code Dense}
     * @param folder its folder in the repository
     */
    static SentenceModule read(Snapshot snapshot, String type, String folder) {
        return switch (type) {
            case "Normalize" -> SentenceModule::normalize;
            case "Dropout" -> vector -> vector;
            case "Dense" -> dense(snapshot, folder);
            default ->
                throw new TailorException(
                        snapshot.id() + ": the module \"" + type + "\" in modules.json is not supported;"
                                + " supported are Transformer, Pooling, Dense, Normalize and Dropout");
        };
    }

    private static float[] normalize(float[] vector) {
        double sum = 0;
        for (float v : vector) {
            sum += (double) v * v;
        }
        double norm = Math.max(Math.sqrt(sum), 1e-12);
        float[] result = new float[vector.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) (vector[i] / norm);
        }
        return result;
    }

    private static SentenceModule dense(Snapshot snapshot, String folder) {
        Path settings = snapshot.require(folder + "/config.json");
        ModelConfig config = ModelConfig.read(settings);
        int in = (int) config.width("in_features", 0);
        int out = (int) config.width("out_features", 0);
        boolean biased = config.flag("bias", true);
        Path file = settings.resolveSibling("");
        Checkpoint checkpoint = Checkpoint.open(file);
        float[] weight = checkpoint.floats("linear.weight");
        float[] bias = biased ? checkpoint.floats("linear.bias") : new float[out];
        if (weight.length != (long) in * out || bias.length != out) {
            throw new TailorException(file + ": config.json says " + in + " to " + out + " features, the file holds "
                    + weight.length + " weights and " + bias.length + " biases");
        }
        String path = config.text("activation_function", "torch.nn.modules.activation.Tanh");
        DoubleUnaryOperator activation = activation(path.substring(path.lastIndexOf('.') + 1), file);
        return vector -> {
            if (vector.length != in) {
                throw new TailorException(file + " takes " + in + " features, found " + vector.length);
            }
            float[] result = new float[out];
            for (int o = 0; o < out; o++) {
                double sum = bias[o];
                for (int i = 0; i < in; i++) {
                    sum += (double) weight[o * in + i] * vector[i];
                }
                result[o] = (float) activation.applyAsDouble(sum);
            }
            return result;
        };
    }

    /** One of PyTorch's activations by the name of its class. */
    static DoubleUnaryOperator activation(String name, Path file) {
        return switch (name) {
            case "Identity" -> x -> x;
            case "Tanh" -> Math::tanh;
            case "ReLU" -> x -> Math.max(x, 0);
            case "Sigmoid" -> x -> 1 / (1 + Math.exp(-x));
            case "SiLU" -> x -> x / (1 + Math.exp(-x));
            default ->
                throw new TailorException(file + ": the activation " + name
                        + " is not supported; supported are Identity, Tanh, ReLU, Sigmoid and SiLU");
        };
    }
}
