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
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.VitLayer;
import dev.tailor.zoo.nn.Widths;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * MobileViT (Mehta and Rastegari 2021, arXiv 2110.02178), after transformers' {@code modeling_mobilevit.py}; with the
 * segmentation head of DeepLab v3 (Chen et al. 2017, arXiv 1706.05587).
 */
public final class MobileVit {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "mobilevit", "MobileViT", Config::new, MobileVit::build)
            .prefix("mobilevit")
            .heads(Head.IMAGE_CLASSIFICATION, Head.SEMANTIC_SEGMENTATION)
            .headKeys("classifier", "segmentation_head");

    /** Inverted residuals of the first two stages, and transformer layers of the others. */
    private static final int[] REPEATS = {1, 3, 2, 4, 3};

    private static final int PLAIN = 2;

    private MobileVit() {}

    /** The keys of {@code config.json}. */
    record Config(
            long numChannels,
            long patchSize,
            List<Long> hiddenSizes,
            List<Long> neckHiddenSizes,
            long numAttentionHeads,
            double mlpRatio,
            double expandRatio,
            String hiddenAct,
            long convKernelSize,
            long outputStride,
            double hiddenDropoutProb,
            double attentionProbsDropoutProb,
            double classifierDropoutProb,
            double initializerRange,
            double layerNormEps,
            boolean qkvBias,
            long asppOutChannels,
            List<Long> atrousRates,
            double asppDropoutProb,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("num_channels", 3),
                    json.count("patch_size", 2, 1000),
                    sizes(json, "hidden_sizes", List.of(144L, 192L, 240L)),
                    sizes(json, "neck_hidden_sizes", List.of(16L, 32L, 64L, 96L, 128L, 160L, 640L)),
                    json.width("num_attention_heads", 4),
                    json.number("mlp_ratio", 2.0),
                    json.number("expand_ratio", 4.0),
                    json.text("hidden_act", "silu"),
                    json.count("conv_kernel_size", 3, 99),
                    json.count("output_stride", 32, 1000),
                    json.number("hidden_dropout_prob", 0.1),
                    json.number("attention_probs_dropout_prob", 0),
                    json.number("classifier_dropout_prob", 0.1),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-5),
                    json.flag("qkv_bias", true),
                    json.width("aspp_out_channels", 256),
                    sizes(json, "atrous_rates", List.of(6L, 12L, 18L)),
                    json.number("aspp_dropout_prob", 0.1),
                    json.labelCount());
            if (convKernelSize % 2 == 0) {
                throw new TailorException(json.source() + ": conv_kernel_size must be odd, found " + convKernelSize);
            }
        }

        private static List<Long> sizes(ModelConfig json, String key, List<Long> absent) {
            List<Long> found = json.integers(key, absent);
            found.forEach(entry -> json.check(key, entry, Integer.MAX_VALUE));
            if (found.size() != absent.size()) {
                throw new TailorException(
                        json.source() + ": \"" + key + "\" must have " + absent.size() + " entries, found " + found);
            }
            return found;
        }

        VitLayer layer(long width) {
            return new VitLayer(
                    numAttentionHeads,
                    (long) (width * mlpRatio),
                    hiddenAct,
                    qkvBias,
                    layerNormEps,
                    hiddenDropoutProb,
                    attentionProbsDropoutProb);
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope net = head == Head.BASE ? scope : scope.sub("mobilevit");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        List<Long> sizes = c.neckHiddenSizes();
        Value x = conv(net.sub("conv_stem"), pixels, sizes.get(0), Window.of(3).by(2), c.hiddenAct());
        long dilation = 1;
        for (int stage = 0; stage < REPEATS.length; stage++) {
            Scope at = net.sub("encoder.layer", stage);
            long out = sizes.get(stage + 1);
            if (stage < PLAIN) {
                for (int i = 0; i < REPEATS[stage]; i++) {
                    x = inverted(at.sub("layer", i), c, x, out, stage > 0 && i == 0 ? 2 : 1, 1);
                }
            } else {
                boolean dilates = (c.outputStride() == 8 && stage > PLAIN)
                        || (c.outputStride() == 16 && stage == REPEATS.length - 1);
                dilation *= dilates ? 2 : 1;
                x = block(at, c, x, out, c.hiddenSizes().get(stage - PLAIN), REPEATS[stage], dilation);
            }
            scope.hiddenState(x);
        }
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.SEMANTIC_SEGMENTATION) {
            outputs.put("logits", decoder(scope.sub("segmentation_head"), c, x));
            return outputs;
        }
        Value last = conv(net.sub("conv_1x1_exp"), x, sizes.get(sizes.size() - 1), Window.of(1), c.hiddenAct());
        Value features = scope.features(last.mean(false, 2, 3));
        if (head == Head.IMAGE_CLASSIFICATION) {
            Value dropped = scope.dropout(features, c.classifierDropoutProb());
            outputs.put("logits", scope.linear("classifier", dropped, c.labels()));
        } else {
            outputs.put("last_hidden_state", last);
            outputs.put("pooler_output", features);
        }
        return outputs;
    }

    /** The block of MobileNet v2. */
    private static Value inverted(Scope scope, Config c, Value x, long out, long stride, long dilation) {
        long in = x.size(1).constant();
        long inner = Widths.divisible(Math.rint(in * c.expandRatio()));
        Window depthwise = Window.of(3).by(stride).dilated(dilation).in(inner);
        Value y = conv(scope.sub("expand_1x1"), x, inner, Window.of(1), c.hiddenAct());
        y = conv(scope.sub("conv_3x3"), y, inner, depthwise, c.hiddenAct());
        y = conv(scope.sub("reduce_1x1"), y, out, Window.of(1), ConvNorm.NONE);
        return stride == 1 && in == out ? y.add(x) : y;
    }

    private static Value block(Scope scope, Config c, Value input, long out, long width, int layers, long dilation) {
        long stride = dilation == 1 ? 2 : 1;
        Value x = inverted(scope.sub("downsampling_layer"), c, input, out, stride, dilation > 1 ? dilation / 2 : 1);
        Window kernel = Window.of(c.convKernelSize());
        Value y = conv(scope.sub("conv_kxk"), x, out, kernel, c.hiddenAct());
        y = scope.conv2d("conv_1x1.convolution", y, width, 1, 1, 0, false);
        y = global(scope, c, y, layers);
        y = conv(scope.sub("conv_projection"), y, out, Window.of(1), c.hiddenAct());
        return conv(scope.sub("fusion"), x.concat(1, y), out, kernel, c.hiddenAct());
    }

    /** A transformer over the pixels that have the same place in their patches; sides are first stretched to whole patches. */
    private static Value global(Scope scope, Config c, Value x, int layers) {
        long patch = c.patchSize();
        Size channels = x.size(1);
        Size down = x.size(2).plus(patch - 1).floorDiv(patch);
        Size across = x.size(3).plus(patch - 1).floorDiv(patch);
        Size area = Size.of(patch * patch);
        Value y = bilinear(x, down.times(patch), across.times(patch))
                .reshape(x.size(0), channels, down, patch, across, patch)
                .permute(0, 3, 5, 2, 4, 1)
                .reshape(x.size(0).times(area), down.times(across), channels);
        for (int i = 0; i < layers; i++) {
            y = c.layer(channels.constant()).apply(scope.sub("transformer.layer", i), y);
        }
        y = scope.layerNorm("layernorm", y, c.layerNormEps())
                .reshape(x.size(0), patch, patch, down, across, channels)
                .permute(0, 5, 3, 1, 4, 2)
                .reshape(x.size(0), channels, down.times(patch), across.times(patch));
        return bilinear(y, x.size(2), x.size(3));
    }

    private static Value bilinear(Value x, Size height, Size width) {
        return x.resize2d(new Op.Resize2d(Op.Resize2d.Mode.BILINEAR, height, width, false));
    }

    private static Value decoder(Scope scope, Config c, Value x) {
        long width = c.asppOutChannels();
        Scope aspp = scope.sub("aspp");
        Value all = conv(aspp.sub("convs.0"), x, width, Window.of(1), "relu");
        for (int i = 0; i < c.atrousRates().size(); i++) {
            Window wide = Window.of(3).dilated(c.atrousRates().get(i));
            all = all.concat(1, conv(aspp.sub("convs", i + 1), x, width, wide, "relu"));
        }
        Scope pool = aspp.sub("convs", c.atrousRates().size() + 1, "conv_1x1");
        Value mean = conv(pool, x.mean(true, 2, 3), width, Window.of(1), "relu");
        all = all.concat(1, mean.expand(x.size(0), width, x.size(2), x.size(3)));
        Value y = scope.dropout(conv(aspp.sub("project"), all, width, Window.of(1), "relu"), c.asppDropoutProb());
        y = scope.dropChannels(y, c.classifierDropoutProb());
        return scope.conv2d("classifier.convolution", y, c.labels(), 1, 1, 0, true);
    }

    private static Value conv(Scope scope, Value x, long out, Window window, String activation) {
        return ConvNorm.TORCH.apply(scope, "convolution", "normalization", x, out, window, activation);
    }
}
