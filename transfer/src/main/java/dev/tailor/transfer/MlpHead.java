package dev.tailor.transfer;

import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import dev.tailor.transfer.head.FeatureHead;
import dev.tailor.transfer.head.LinearModel;
import dev.tailor.transfer.head.MlpModel;
import java.util.Map;
import java.util.Objects;

/** Two layers on features, as a program to train and as a function of vectors afterwards. */
final class MlpHead {
    private static final String HIDDEN = "hidden";
    private static final String OUTPUT = "output";

    private MlpHead() {}

    static TracedModel trace(FeatureHead.Mlp head, int width, int classes, long seed) {
        Architecture network = Architecture.of("mlp", "Mlp", config -> config, (scope, config, kind) -> {
            Value features = scope.input(TracedModel.FEATURES, Kind.FLOAT, "batch", width);
            // He et al. 2015, arXiv 1502.01852: the variance survives the ReLU.
            Scope first = scope.initializer(new Init.Normal(Math.sqrt(2.0 / width)));
            Value inner =
                    scope.dropout(first.linear(HIDDEN, features, head.hidden()).relu(), head.dropout());
            Scope second = scope.initializer(new Init.Normal(Math.sqrt(1.0 / head.hidden())));
            return Map.of("logits", second.linear(OUTPUT, inner, classes));
        });
        return TracedModel.of(network, ModelConfig.parse("{}", "the head"), Head.BASE, Checkpoint.empty(), "the head")
                .renewAll()
                .seed(seed)
                .trace();
    }

    static MlpModel model(Map<String, float[]> weights, int width) {
        return new MlpModel(
                layer(weights, HIDDEN, width),
                layer(weights, OUTPUT, Objects.requireNonNull(weights.get(HIDDEN + ".bias")).length));
    }

    private static LinearModel layer(Map<String, float[]> weights, String name, int width) {
        return new LinearModel(
                width,
                doubles(Objects.requireNonNull(weights.get(name + ".weight"))),
                doubles(Objects.requireNonNull(weights.get(name + ".bias"))));
    }

    private static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i];
        }
        return result;
    }
}
