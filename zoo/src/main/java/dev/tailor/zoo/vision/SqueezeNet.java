package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ImageHead;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SqueezeNet (Iandola et al. 2016, arXiv 1602.07360), after torchvision's {@code squeezenet.py}. */
public final class SqueezeNet {
    private static final String VARIANTS = """
            squeezenet1_0 {"stem_size":96,"stem_kernel":7,"pools":[3,7]}
            squeezenet1_1 {"stem_size":64,"stem_kernel":3,"pools":[2,4]}
            """;

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/squeezenet", "TorchvisionSqueezeNet", Config::new, SqueezeNet::build)
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier")
            .variants("torchvision", VARIANTS);

    private static final List<Long> SQUEEZES = List.of(16L, 16L, 32L, 32L, 48L, 48L, 64L, 64L);
    private static final long EXPANSION = 4;

    private SqueezeNet() {}

    /**
     * What tells the two apart.
     *
     * @param pools the number of fire modules before each pooling but the first
     */
    record Config(long stemSize, long stemKernel, List<Long> pools, double dropout, int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("stem_size", 64),
                    json.width("stem_kernel", 3),
                    json.integers("pools", List.of(2L, 4L)),
                    json.number("drop_rate", 0.5),
                    json.labelCount());
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Value x = conv(scope, "features.0", ImageHead.pixels(scope, 3), c.stemSize(), c.stemKernel(), 2, 0);
        x = pool(x);
        int layer = 3;
        for (int i = 0; i < SQUEEZES.size(); i++) {
            if (c.pools().contains((long) i)) {
                x = pool(x);
                layer++;
            }
            x = fire(scope.sub("features", layer++), x, SQUEEZES.get(i));
        }
        Map<String, Value> outputs = new LinkedHashMap<>();
        Value features = scope.features(ImageHead.pooled(x));
        if (head == Head.BASE) {
            outputs.put("last_hidden_state", x);
            outputs.put("pooler_output", features);
        } else {
            // The classifier is a convolution, whose rectified map is averaged.
            Scope fresh = scope.initializer(new Init.Normal(0.01));
            Value dropped = scope.dropout(x, c.dropout());
            Value map = fresh.conv2d("classifier.1", dropped, c.labels(), 1, 1, 0, true);
            outputs.put("logits", ImageHead.pooled(map.relu()));
        }
        return outputs;
    }

    private static Value fire(Scope scope, Value x, long squeeze) {
        Value y = conv(scope, "squeeze", x, squeeze, 1, 1, 0);
        return conv(scope, "expand1x1", y, EXPANSION * squeeze, 1, 1, 0)
                .concat(1, conv(scope, "expand3x3", y, EXPANSION * squeeze, 3, 1, 1));
    }

    private static Value pool(Value x) {
        return x.pool(new Op.Pool2d(true, List.of(3L, 3L), List.of(2L, 2L), List.of(0L, 0L), true, false));
    }

    private static Value conv(Scope scope, String name, Value x, long out, long kernel, long stride, long padding) {
        Init init = Init.kaimingFanOut(out * kernel * kernel);
        return scope.initializer(init)
                .conv2d(name, x, out, kernel, stride, padding, true)
                .relu();
    }
}
