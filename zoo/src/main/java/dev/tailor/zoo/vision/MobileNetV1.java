package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MobileNet v1 (Howard et al. 2017, arXiv 1704.04861), after transformers' {@code modeling_mobilenet_v1.py}. */
public final class MobileNetV1 {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "mobilenet_v1", "MobileNetV1", Config::new, MobileNetV1::build)
            .prefix("mobilenet_v1")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier")
            .spelling("conv1.conv.weight", MobileNetV1::own);

    /** Keras' {@code conv_pw_3_bn}, and {@code blocks.5.bn} of a port of it to PyTorch. */
    private static final Pattern KERAS = Pattern.compile("conv_(dw|pw)_([0-9]{1,4})(_bn)?\\.(.+)");

    private static final Pattern PORT = Pattern.compile("(conv1|blocks\\.[0-9]+)\\.(conv|bn)\\.(.+)");

    private static final long[] STRIDES = {1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1};

    /**
     * PyTorch's usual share of a batch. TensorFlow keeps 0.9997 of the running statistics, which takes ten thousand steps to
     * move them; the reference hands that number to PyTorch, where it means the new share, so that every batch replaces them.
     */
    private static final double MOMENTUM = 0.1;

    private MobileNetV1() {}

    /** The keys of {@code config.json}. */
    record Config(
            long numChannels,
            double depthMultiplier,
            long minDepth,
            String hiddenAct,
            boolean tfPadding,
            double classifierDropoutProb,
            double initializerRange,
            double layerNormEps,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("num_channels", 3),
                    json.number("depth_multiplier", 1.0),
                    json.width("min_depth", 8),
                    json.text("hidden_act", "relu6"),
                    json.flag("tf_padding", true),
                    json.number("classifier_dropout_prob", 0.999),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 0.001),
                    json.labelCount());
        }

        /** Published configs hold TensorFlow's probability to keep, 0.999, under the name of a dropout. */
        double dropout() {
            return Math.min(classifierDropoutProb, 1 - classifierDropoutProb);
        }

        long channels(long depth) {
            return Math.max((long) (depth * depthMultiplier), minDepth);
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope net = head == Head.BASE ? scope : scope.sub("mobilenet_v1");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        long depth = 32;
        Value x = conv(net.sub("conv_stem"), c, pixels, c.channels(depth), 3, 2, 1);
        for (int i = 0; i < STRIDES.length; i++) {
            long in = x.size(1).constant();
            x = scope.hiddenState(conv(net.sub("layer", 2 * i), c, x, in, 3, STRIDES[i], in));
            if (STRIDES[i] == 2 || i == 0) {
                depth *= 2;
            }
            x = scope.hiddenState(conv(net.sub("layer", 2 * i + 1), c, x, c.channels(depth), 1, 1, 1));
        }
        Value features = scope.features(x.mean(false, 2, 3));
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.IMAGE_CLASSIFICATION) {
            Value dropped = scope.dropout(features, c.dropout());
            outputs.put("logits", scope.linear("classifier", dropped, c.labels()));
        } else {
            outputs.put("last_hidden_state", x);
            outputs.put("pooler_output", features);
        }
        return outputs;
    }

    private static Value conv(Scope scope, Config c, Value x, long out, long kernel, long stride, long groups) {
        ConvNorm layer = new ConvNorm(c.layerNormEps(), MOMENTUM, c.tfPadding());
        Window window = Window.of(kernel).by(stride).in(groups);
        return layer.apply(scope, "convolution", "normalization", x, out, window, c.hiddenAct());
    }

    /** A name of this family's for one of Keras' or of a port's. */
    private static String own(String name) {
        Matcher keras = KERAS.matcher(name);
        Matcher port = PORT.matcher(name);
        if (keras.matches()) {
            int layer = 2 * Integer.parseInt(keras.group(2)) - (keras.group(1).equals("dw") ? 2 : 1);
            return layer("layer." + layer, keras.group(3) != null, keras.group(4));
        } else if (port.matches()) {
            String path =
                    port.group(1).equals("conv1") ? "conv_stem" : port.group(1).replace("blocks", "layer");
            return layer(path, port.group(2).equals("bn"), port.group(3));
        }
        return name.replaceFirst("^conv1_bn\\.", "mobilenet_v1.conv_stem.normalization.")
                .replaceFirst("^conv1\\.", "mobilenet_v1.conv_stem.convolution.")
                .replaceFirst("^conv_preds\\.", "classifier.");
    }

    private static String layer(String path, boolean norm, String leaf) {
        return "mobilenet_v1." + path + (norm ? ".normalization." : ".convolution.") + leaf;
    }
}
