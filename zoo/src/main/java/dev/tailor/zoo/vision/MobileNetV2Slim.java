package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
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

/**
 * MobileNet v2 (Sandler et al. 2018, arXiv 1801.04381) as TensorFlow-Slim defines it, after transformers' {@code
 * modeling_mobilenet_v2.py}; with the segmentation head of DeepLab v3+ (Chen et al. 2018, arXiv 1802.02611).
 */
public final class MobileNetV2Slim {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "mobilenet_v2", "MobileNetV2", Config::new, MobileNetV2Slim::build)
            .prefix("mobilenet_v2")
            .heads(Head.IMAGE_CLASSIFICATION, Head.SEMANTIC_SEGMENTATION)
            .headKeys("classifier", "segmentation_head");

    private static final long[] CHANNELS = {16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320};
    private static final long[] STRIDES = {2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1};
    private static final long STEM = 32;
    private static final long TOP = 1280;
    private static final long DECODER = 256;
    /** PyTorch's usual share; see {@link MobileNetV1}. */
    private static final double MOMENTUM = 0.1;

    private MobileNetV2Slim() {}

    /** The keys of {@code config.json}. */
    record Config(
            long numChannels,
            double depthMultiplier,
            long depthDivisibleBy,
            long minDepth,
            double expandRatio,
            long outputStride,
            boolean firstLayerIsExpansion,
            boolean finegrainedOutput,
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
                    json.width("depth_divisible_by", 8),
                    json.width("min_depth", 8),
                    json.number("expand_ratio", 6.0),
                    json.count("output_stride", 32, 1000),
                    json.flag("first_layer_is_expansion", true),
                    json.flag("finegrained_output", true),
                    json.text("hidden_act", "relu6"),
                    json.flag("tf_padding", true),
                    json.number("classifier_dropout_prob", 0.8),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 0.001),
                    json.labelCount());
            if (!(depthMultiplier > 0)) {
                throw new TailorException(
                        json.source() + ": depth_multiplier must be greater than zero, found " + depthMultiplier);
            }
        }

        /** Published configs hold TensorFlow's probability to keep, 0.8, under the name of a dropout. */
        double dropout() {
            return Math.min(classifierDropoutProb, 1 - classifierDropoutProb);
        }

        long channels(long depth) {
            return divisible(Math.rint(depth * depthMultiplier));
        }

        long divisible(double width) {
            long part = depthDivisibleBy;
            long rounded = Math.max(minDepth, (long) (width + part / 2.0) / part * part);
            return rounded < 0.9 * width ? rounded + part : rounded;
        }

        ConvNorm layer(double epsilon) {
            return new ConvNorm(epsilon, MOMENTUM, tfPadding);
        }

        Value conv(Scope scope, Value x, long out, Window window, String activation) {
            return layer(layerNormEps).apply(scope, "convolution", "normalization", x, out, window, activation);
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope net = head == Head.BASE ? scope : scope.sub("mobilenet_v2");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        Value x = stem(net.sub("conv_stem"), c, pixels);
        long reached = 2;
        long dilation = 1;
        for (int i = 0; i < STRIDES.length; i++) {
            Scope at = net.sub("layer", i);
            // Where the map is small enough, later strides become gaps in the kernels, one block behind.
            boolean small = reached == c.outputStride();
            x = block(at, c, x, c.channels(CHANNELS[i + 1]), small ? 1 : STRIDES[i], small ? dilation : 1);
            dilation *= small ? STRIDES[i] : 1;
            reached *= small ? 1 : STRIDES[i];
            scope.hiddenState(x);
        }
        boolean fine = c.finegrainedOutput() && c.depthMultiplier() < 1;
        Value last = c.conv(net.sub("conv_1x1"), x, fine ? TOP : c.channels(TOP), Window.of(1), c.hiddenAct());
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.SEMANTIC_SEGMENTATION) {
            outputs.put("logits", decoder(scope.sub("segmentation_head"), c, x));
            return outputs;
        }
        Value features = scope.features(last.mean(false, 2, 3));
        if (head == Head.IMAGE_CLASSIFICATION) {
            outputs.put("logits", scope.linear("classifier", scope.dropout(features, c.dropout()), c.labels()));
        } else {
            outputs.put("last_hidden_state", last);
            outputs.put("pooler_output", features);
        }
        return outputs;
    }

    private static Value stem(Scope scope, Config c, Value pixels) {
        long wide = c.channels(STEM);
        String act = c.hiddenAct();
        Value x = c.conv(scope.sub("first_conv"), pixels, wide, Window.of(3).by(2), act);
        if (!c.firstLayerIsExpansion()) {
            x = c.conv(scope.sub("expand_1x1"), x, wide, Window.of(1), act);
        }
        x = c.conv(scope.sub("conv_3x3"), x, wide, Window.of(3).in(wide), act);
        return c.conv(scope.sub("reduce_1x1"), x, c.channels(CHANNELS[0]), Window.of(1), ConvNorm.NONE);
    }

    private static Value block(Scope scope, Config c, Value x, long out, long stride, long dilation) {
        long in = x.size(1).constant();
        long inner = c.divisible(Math.rint(in * c.expandRatio()));
        Window depthwise = Window.of(3).by(stride).dilated(dilation).in(inner);
        Value y = c.conv(scope.sub("expand_1x1"), x, inner, Window.of(1), c.hiddenAct());
        y = c.conv(scope.sub("conv_3x3"), y, inner, depthwise, c.hiddenAct());
        y = c.conv(scope.sub("reduce_1x1"), y, out, Window.of(1), ConvNorm.NONE);
        return stride == 1 && in == out ? y.add(x) : y;
    }

    private static Value decoder(Scope scope, Config c, Value x) {
        Value mean = decoderConv(scope.sub("conv_pool"), c, x.mean(true, 2, 3));
        Value everywhere = mean.expand(x.size(0), DECODER, x.size(2), x.size(3));
        Value both = everywhere.concat(1, decoderConv(scope.sub("conv_aspp"), c, x));
        Value y = scope.dropChannels(decoderConv(scope.sub("conv_projection"), c, both), c.dropout());
        return scope.conv2d("classifier.convolution", y, c.labels(), 1, 1, 0, true);
    }

    private static Value decoderConv(Scope scope, Config c, Value x) {
        return c.layer(1e-5).apply(scope, "convolution", "normalization", x, DECODER, Window.of(1), "relu");
    }
}
