package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.GridPositions;
import dev.tailor.zoo.nn.MultiHead;
import dev.tailor.zoo.nn.Residual;
import dev.tailor.zoo.nn.Sides;
import dev.tailor.zoo.nn.Tokens;
import dev.tailor.zoo.nn.Windows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Swin transformer (Liu et al. 2021, arXiv 2103.14030), after transformers' {@code modeling_swin.py}. Takes pictures of any
 * size, unless it has a table of absolute positions.
 */
public final class Swin {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("swin", "Swin", Config::new, Swin::build)
            .prefix("swin")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier")
            .ignorable("embeddings.mask_token");

    /** The normalisations of patches take no epsilon from the config. */
    private static final double EPSILON = 1e-5;

    private static final Size NONE = Size.of(0);

    private Swin() {}

    /** The keys of {@code config.json}. */
    record Config(
            Sides imageSize,
            Sides patchSize,
            long numChannels,
            long embedDim,
            List<Long> depths,
            List<Long> numHeads,
            long windowSize,
            double mlpRatio,
            boolean qkvBias,
            double hiddenDropoutProb,
            double attentionProbsDropoutProb,
            double dropPathRate,
            String hiddenAct,
            boolean useAbsoluteEmbeddings,
            double initializerRange,
            double layerNormEps,
            int labels) {
        Config(ModelConfig json) {
            this(
                    Sides.of(json, "image_size", 224),
                    Sides.of(json, "patch_size", 4),
                    json.width("num_channels", 3),
                    json.width("embed_dim", 96),
                    json.integers("depths", List.of(2L, 2L, 6L, 2L)),
                    json.integers("num_heads", List.of(3L, 6L, 12L, 24L)),
                    json.count("window_size", 7, 1000),
                    json.number("mlp_ratio", 4),
                    json.flag("qkv_bias", true),
                    json.number("hidden_dropout_prob", 0),
                    json.number("attention_probs_dropout_prob", 0),
                    json.number("drop_path_rate", 0.1),
                    json.text("hidden_act", "gelu"),
                    json.flag("use_absolute_embeddings", false),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-5),
                    json.labelCount());
            depths.forEach(depth -> json.check("depths", depth, 1000));
            numHeads.forEach(heads -> json.check("num_heads", heads, Integer.MAX_VALUE));
            if (depths.isEmpty() || depths.size() > 20 || depths.size() != numHeads.size()) {
                throw new TailorException(json.source() + ": num_heads must be as long as depths, with 1 to 20 entries;"
                        + " found " + numHeads + " and " + depths);
            }
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope net = head == Head.BASE ? scope : scope.sub("swin");
        boolean fixed = c.useAbsoluteEmbeddings();
        Object height = fixed ? c.imageSize().height() : "height";
        Object width = fixed ? c.imageSize().width() : "width";
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), height, width);
        Value x = embeddings(net.sub("embeddings"), c, pixels);
        scope.hiddenState(flat(x));
        long count = c.depths().stream().mapToLong(Long::longValue).sum();
        long index = 0;
        for (int stage = 0; stage < c.depths().size(); stage++) {
            Scope at = net.sub("encoder.layers", stage);
            for (int i = 0; i < c.depths().get(stage); i++) {
                long shift = i % 2 == 0 ? 0 : c.windowSize() / 2;
                double dropPath = Residual.dropPath(c.dropPathRate(), index++, count);
                x = layer(at.sub("blocks", i), c, x, c.numHeads().get(stage), shift, dropPath);
            }
            x = stage + 1 < c.depths().size() ? merge(at.sub("downsample"), x) : x;
            scope.hiddenState(flat(x));
        }
        Value states = net.layerNorm("layernorm", flat(x), c.layerNormEps());
        Value features = scope.features(states.mean(false, 1));
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.IMAGE_CLASSIFICATION) {
            outputs.put("logits", scope.linear("classifier", features, c.labels()));
        } else {
            outputs.put("last_hidden_state", states);
            outputs.put("pooler_output", features);
        }
        return outputs;
    }

    /** Patches of a picture that is padded to whole ones, {@code [batch, height, width, channels]}. */
    private static Value embeddings(Scope scope, Config c, Value pixels) {
        Sides patch = c.patchSize();
        Value padded = pixels.pad2d(
                NONE, missing(pixels.size(2), patch.height()), NONE, missing(pixels.size(3), patch.width()), 0);
        Value map = Tokens.patches(scope, "patch_embeddings.projection", padded, c.embedDim(), patch);
        Value x = scope.layerNorm("norm", map.permute(0, 2, 3, 1), EPSILON);
        if (c.useAbsoluteEmbeddings()) {
            Init init = new Init.Normal(c.initializerRange());
            Value table = scope.weight(
                    "position_embeddings", init, 1, c.imageSize().over(patch).area(), c.embedDim());
            x = x.add(table.reshape(1, x.size(1), x.size(2), c.embedDim()));
        }
        return scope.dropout(x, c.hiddenDropoutProb());
    }

    private static Size missing(Size side, long part) {
        return side.plus(part - 1).floorDiv(part).times(part).minus(side);
    }

    private static Value layer(Scope scope, Config c, Value x, long heads, long shift, double dropPath) {
        long width = x.size(3).constant();
        Value a = Residual.preNorm(
                scope,
                x,
                "layernorm_before",
                c.layerNormEps(),
                n -> scope.linear("attention.output.dense", attention(scope, c, n, heads, shift), width),
                c.hiddenDropoutProb(),
                null,
                dropPath);
        long inner = (long) (c.mlpRatio() * width);
        return Residual.preNorm(
                scope,
                a,
                "layernorm_after",
                c.layerNormEps(),
                n -> Residual.mlp(scope, "intermediate.dense", "output.dense", n, inner, c.hiddenAct()),
                c.hiddenDropoutProb(),
                null,
                0);
    }

    private static Value attention(Scope scope, Config c, Value x, long heads, long shift) {
        Scope self = scope.sub("attention.self");
        Windows windows = Windows.over(x, c.windowSize(), shift);
        long distances = (2 * c.windowSize() - 1) * (2 * c.windowSize() - 1);
        Value table =
                self.weight("relative_position_bias_table", new Init.Normal(c.initializerRange()), distances, heads);
        Size side = Size.of(c.windowSize());
        Value bias = GridPositions.bias(self, table, GridPositions.index(self, side, side));
        if (windows.shifted()) {
            bias = bias.add(windows.mask(self, x.size(0)));
        }
        Value attended = MultiHead.selfAttention(
                self, windows.split(x), heads, c.qkvBias(), bias, c.attentionProbsDropoutProb());
        return windows.join(attended, x);
    }

    /** Half the height and width, twice the channels. */
    private static Value merge(Scope scope, Value x) {
        Value joined = scope.layerNorm("norm", Windows.merged(x), EPSILON);
        return scope.linear("reduction", joined, 2 * x.size(3).constant(), false);
    }

    private static Value flat(Value x) {
        return x.reshape(x.size(0), x.size(1).times(x.size(2)), x.size(3));
    }
}
