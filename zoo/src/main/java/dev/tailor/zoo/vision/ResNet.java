package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ResNet v1.5 (He et al. 2015, arXiv 1512.03385; the stride sits in the 3 x 3 convolution), after transformers' {@code
 * modeling_resnet.py}.
 */
public final class ResNet {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("resnet", "ResNet", Config::new, ResNet::build)
            .prefix("resnet")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier");

    private static final double EPSILON = 1e-5;
    private static final double MOMENTUM = 0.1;
    /** The reference hands {@code hidden_act} to the stem and to the sums, but never to a block's inner convolutions. */
    private static final String INNER = "relu";

    private static final String NONE = "identity";
    /** A bottleneck's middle is this many times narrower. */
    private static final long REDUCTION = 4;

    private ResNet() {}

    /** The keys of {@code config.json}. */
    record Config(
            long numChannels,
            long embeddingSize,
            List<Long> hiddenSizes,
            List<Long> depths,
            boolean bottleneck,
            String hiddenAct,
            boolean downsampleInFirstStage,
            boolean downsampleInBottleneck,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("num_channels", 3),
                    json.width("embedding_size", 64),
                    json.integers("hidden_sizes", List.of(256L, 512L, 1024L, 2048L)),
                    json.integers("depths", List.of(3L, 4L, 6L, 3L)),
                    json.text("layer_type", "bottleneck").equals("bottleneck"),
                    json.text("hidden_act", "relu"),
                    json.flag("downsample_in_first_stage", false),
                    json.flag("downsample_in_bottleneck", false),
                    json.labelCount());
            hiddenSizes.forEach(size -> json.check("hidden_sizes", size, Integer.MAX_VALUE));
            depths.forEach(depth -> json.check("depths", depth, 1000));
            String type = json.text("layer_type", "bottleneck");
            if ((!bottleneck && !type.equals("basic"))
                    || hiddenSizes.isEmpty()
                    || hiddenSizes.size() != depths.size()) {
                throw new TailorException(json.source() + ": layer_type must be \"basic\" or \"bottleneck\" and"
                        + " hidden_sizes as long as depths and not empty; found \"" + type + "\", " + hiddenSizes
                        + " and " + depths);
            }
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Scope resnet = head == Head.BASE ? scope : scope.sub("resnet");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        Value x = conv(resnet.sub("embedder.embedder"), pixels, c.embeddingSize(), 7, 2, c.hiddenAct());
        x = x.maxPool2d(3, 2, 1);
        for (int stage = 0; stage < c.depths().size(); stage++) {
            long stride = stage == 0 && !c.downsampleInFirstStage() ? 1 : 2;
            for (int i = 0; i < c.depths().get(stage); i++) {
                Scope layer = resnet.sub("encoder.stages", stage, "layers", i);
                x = block(layer, c, x, c.hiddenSizes().get(stage), i == 0 ? stride : 1);
            }
        }
        Value pooled = x.mean(true, 2, 3);
        Value features = scope.features(pooled.flatten(1));
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.IMAGE_CLASSIFICATION) {
            Init init = Init.fanIn(features.size(1).constant());
            outputs.put("logits", scope.initializer(init).linear("classifier.1", features, c.labels()));
        } else {
            outputs.put("last_hidden_state", x);
            outputs.put("pooler_output", pooled);
        }
        return outputs;
    }

    private static Value block(Scope scope, Config c, Value x, long out, long stride) {
        boolean same = stride == 1 && x.size(1).constant() == out;
        Value residual = same ? x : conv(scope.sub("shortcut"), x, out, 1, stride, NONE);
        Value y;
        if (c.bottleneck()) {
            long middle = out / REDUCTION;
            boolean early = c.downsampleInBottleneck();
            y = conv(scope.sub("layer.0"), x, middle, 1, early ? stride : 1, INNER);
            y = conv(scope.sub("layer.1"), y, middle, 3, early ? 1 : stride, INNER);
            y = conv(scope.sub("layer.2"), y, out, 1, 1, NONE);
        } else {
            y = conv(scope.sub("layer.0"), x, out, 3, stride, INNER);
            y = conv(scope.sub("layer.1"), y, out, 3, 1, NONE);
        }
        return Activation.apply(c.hiddenAct(), y.add(residual));
    }

    private static Value conv(Scope scope, Value x, long out, long kernel, long stride, String activation) {
        Init init = Init.kaimingFanOut(out * kernel * kernel);
        Value y = scope.initializer(init).conv2d("convolution", x, out, kernel, stride, kernel / 2, false);
        y = scope.batchNorm("normalization", y, EPSILON, MOMENTUM);
        return Activation.apply(activation, y);
    }
}
