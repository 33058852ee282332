package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.SqueezeExcitation;
import dev.tailor.zoo.nn.Widths;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** EfficientNet (Tan and Le 2019, arXiv 1905.11946), after transformers' {@code modeling_efficientnet.py}. */
public final class EfficientNet {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "efficientnet", "EfficientNet", Config::new, EfficientNet::build)
            .prefix("efficientnet")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier");

    private static final long STEM = 32;
    private static final long TOP = 1280;
    private static final double MOMENTUM = 0.1;

    private EfficientNet() {}

    /** The keys of {@code config.json}. */
    record Config(
            long numChannels,
            double widthCoefficient,
            double depthCoefficient,
            long depthDivisor,
            List<Long> kernelSizes,
            List<Long> inChannels,
            List<Long> outChannels,
            List<Long> depthwisePadding,
            List<Long> strides,
            List<Long> numBlockRepeats,
            List<Long> expandRatios,
            double squeezeExpansionRatio,
            String hiddenAct,
            boolean maximum,
            double initializerRange,
            double batchNormEps,
            double batchNormMomentum,
            double dropoutRate,
            double dropConnectRate,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("num_channels", 3),
                    json.number("width_coefficient", 2.0),
                    json.number("depth_coefficient", 3.1),
                    json.width("depth_divisor", 8),
                    stages(json, "kernel_sizes", List.of(3L, 3L, 5L, 3L, 5L, 5L, 3L), 99),
                    json.integers("in_channels", List.of(32L, 16L, 24L, 40L, 80L, 112L, 192L)),
                    stages(json, "out_channels", List.of(16L, 24L, 40L, 80L, 112L, 192L, 320L), Integer.MAX_VALUE),
                    json.integers("depthwise_padding", List.of()),
                    stages(json, "strides", List.of(1L, 2L, 2L, 2L, 1L, 2L, 1L), 2),
                    stages(json, "num_block_repeats", List.of(1L, 2L, 2L, 3L, 3L, 4L, 1L), 1000),
                    stages(json, "expand_ratios", List.of(1L, 6L, 6L, 6L, 6L, 6L, 6L), 10_000),
                    json.number("squeeze_expansion_ratio", 0.25),
                    json.text("hidden_act", "swish"),
                    json.text("pooling_type", "mean").equals("max"),
                    json.number("initializer_range", 0.02),
                    json.number("batch_norm_eps", 0.001),
                    json.number("batch_norm_momentum", 0.99),
                    json.number("dropout_rate", 0.5),
                    json.number("drop_connect_rate", 0.2),
                    json.labelCount());
            String pooling = json.text("pooling_type", "mean");
            if (!maximum && !pooling.equals("mean")) {
                throw new TailorException(
                        json.source() + ": pooling_type must be \"mean\" or \"max\", found \"" + pooling + "\"");
            }
            inChannels.forEach(entry -> json.check("in_channels", entry, Integer.MAX_VALUE));
            long hidden = json.width("hidden_dim", 2560);
            if (hidden != filters(TOP)) {
                throw new TailorException(json.source() + ": hidden_dim must be " + filters(TOP) + ", which is " + TOP
                        + " times width_coefficient " + widthCoefficient + ", found " + hidden);
            }
        }

        private static List<Long> stages(ModelConfig json, String key, List<Long> absent, long most) {
            List<Long> found = json.integers(key, absent);
            int count = json.integers("in_channels", List.of(32L, 16L, 24L, 40L, 80L, 112L, 192L))
                    .size();
            if (count == 0 || found.size() < count) {
                throw new TailorException(json.source() + ": \"" + key
                        + "\" must be as long as in_channels and not empty, found " + found);
            }
            found.forEach(entry -> json.check(key, entry, most));
            return found;
        }

        long filters(long channels) {
            return Widths.divisible(channels * widthCoefficient, depthDivisor, 0.9);
        }

        long repeats(int stage) {
            return (long) Math.ceil(depthCoefficient * numBlockRepeats.get(stage));
        }

        /** Published configs hold Keras's share of the old statistics, where the reference means the new one. */
        double momentum() {
            return 1 - batchNormMomentum;
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope net = head == Head.BASE ? scope : scope.sub("efficientnet");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        Scope stem = net.sub("embeddings");
        Value x = conv(stem, "convolution", pixels, c.filters(STEM), 3, 2, 1, 0, 1);
        x = normAct(stem, "batchnorm", c, x, c.momentum());
        x = stages(net.sub("encoder"), c, scope.hiddenState(x));
        Scope encoder = net.sub("encoder");
        x = conv(encoder, "top_conv", x, c.filters(TOP), 1, 1, 1, 0, 0);
        x = normAct(encoder, "top_bn", c, x, c.momentum());
        Op.Reduce.Function pooling = c.maximum() ? Op.Reduce.Function.MAX : Op.Reduce.Function.MEAN;
        Value features = scope.features(x.reduce(pooling, false, 2, 3));
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.IMAGE_CLASSIFICATION) {
            outputs.put("logits", scope.linear("classifier", scope.dropout(features, c.dropoutRate()), c.labels()));
        } else {
            outputs.put("last_hidden_state", x);
            outputs.put("pooler_output", features);
        }
        return outputs;
    }

    private static Value stages(Scope scope, Config c, Value input) {
        Value x = input;
        long count = 0;
        for (int stage = 0; stage < c.inChannels().size(); stage++) {
            count += c.repeats(stage);
        }
        long number = 0;
        for (int stage = 0; stage < c.inChannels().size(); stage++) {
            for (int i = 0; i < c.repeats(stage); i++) {
                double drop = c.dropConnectRate() * number / count;
                x = scope.hiddenState(block(scope.sub("blocks", number), c, x, stage, i == 0, number, drop));
                number++;
            }
        }
        return x;
    }

    private static Value block(Scope scope, Config c, Value x, int stage, boolean first, long number, double drop) {
        long in = x.size(1).constant();
        long stride = first ? c.strides().get(stage) : 1;
        long kernel = c.kernelSizes().get(stage);
        long inner = in * c.expandRatios().get(stage);
        Value y = x;
        if (inner != in) {
            Scope at = scope.sub("expansion");
            y = normAct(at, "expand_bn", c, conv(at, "expand_conv", y, inner, 1, 1, 1, 0, 0), MOMENTUM);
        }
        boolean uneven = stride == 2 && !c.depthwisePadding().contains(number);
        long after = stride == 2 ? kernel / 2 : kernel - 1 - (kernel - 1) / 2;
        long before = uneven ? kernel / 2 - 1 : stride == 2 ? kernel / 2 : (kernel - 1) / 2;
        Scope depthwise = scope.sub("depthwise_conv");
        y = conv(depthwise, "depthwise_conv", y, inner, kernel, stride, inner, before, after);
        y = normAct(depthwise, "depthwise_norm", c, y, c.momentum());
        long narrow = (long) (in * c.squeezeExpansionRatio());
        y = SqueezeExcitation.apply(
                scope.sub("squeeze_excite"), "reduce", "expand", y, narrow, c.hiddenAct(), "sigmoid");
        Scope last = scope.sub("projection");
        y = conv(last, "project_conv", y, c.filters(c.outChannels().get(stage)), 1, 1, 1, 0, 0);
        y = last.batchNorm("project_bn", y, c.batchNormEps(), c.momentum());
        return stride == 1 && !first ? last.dropout(y, drop).add(x) : y;
    }

    /** A convolution whose border may be wider on the right and below. */
    private static Value conv(
            Scope scope,
            String name,
            Value x,
            long out,
            long kernel,
            long stride,
            long groups,
            long before,
            long after) {
        if (before == after) {
            return scope.conv2d(name, x, out, kernel, stride, before, groups, false);
        }
        Value padded = x.pad2d(Size.of(before), Size.of(after), Size.of(before), Size.of(after), 0);
        return scope.conv2d(name, padded, out, kernel, stride, 0, groups, false);
    }

    private static Value normAct(Scope scope, String name, Config c, Value x, double momentum) {
        return Activation.apply(c.hiddenAct(), scope.batchNorm(name, x, c.batchNormEps(), momentum));
    }
}
