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
import dev.tailor.zoo.nn.GridPositions;
import dev.tailor.zoo.nn.MultiHead;
import dev.tailor.zoo.nn.Residual;
import dev.tailor.zoo.nn.Sides;
import dev.tailor.zoo.nn.Tokens;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * BEiT (Bao et al. 2021, arXiv 2106.08254), after transformers' {@code modeling_beit.py}. Takes pictures of any size: its
 * tables of positions are interpolated.
 */
public final class Beit {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("beit", "Beit", Config::new, Beit::build)
            .prefix("beit")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier")
            .ignorable("embeddings.mask_token");

    private Beit() {}

    /** The keys of {@code config.json}. */
    record Config(
            Sides imageSize,
            Sides patchSize,
            long numChannels,
            long hiddenSize,
            long numHiddenLayers,
            long numAttentionHeads,
            long intermediateSize,
            String hiddenAct,
            double hiddenDropoutProb,
            double attentionProbsDropoutProb,
            double dropPathRate,
            double initializerRange,
            double layerNormEps,
            double layerScaleInitValue,
            boolean useAbsolutePositionEmbeddings,
            boolean useRelativePositionBias,
            boolean useSharedRelativePositionBias,
            boolean useMeanPooling,
            int labels) {
        Config(ModelConfig json) {
            this(
                    Sides.of(json, "image_size", 224),
                    Sides.of(json, "patch_size", 16),
                    json.width("num_channels", 3),
                    json.width("hidden_size", 768),
                    json.layers("num_hidden_layers", 12),
                    json.width("num_attention_heads", 12),
                    json.width("intermediate_size", 3072),
                    json.text("hidden_act", "gelu"),
                    json.number("hidden_dropout_prob", 0),
                    json.number("attention_probs_dropout_prob", 0),
                    json.number("drop_path_rate", 0.1),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-12),
                    json.number("layer_scale_init_value", 0.1),
                    json.flag("use_absolute_position_embeddings", false),
                    json.flag("use_relative_position_bias", false),
                    json.flag("use_shared_relative_position_bias", false),
                    json.flag("use_mean_pooling", true),
                    json.labelCount());
            Sides grid = grid();
            if (useAbsolutePositionEmbeddings && grid.height() != grid.width()) {
                throw new TailorException(json.source() + ": image_size must hold as many patches in height as in width"
                        + " for use_absolute_position_embeddings, found " + grid.height() + " and " + grid.width());
            }
        }

        Sides grid() {
            return imageSize.over(patchSize);
        }

        Init init() {
            return new Init.Normal(initializerRange);
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(c.init());
        Scope net = head == Head.BASE ? scope : scope.sub("beit");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        Value map = Tokens.patches(
                net.sub("embeddings"), "patch_embeddings.projection", pixels, c.hiddenSize(), c.patchSize());
        Value x = embeddings(net.sub("embeddings"), c, map);
        @Nullable
        Value shared = c.useSharedRelativePositionBias()
                ? bias(net.sub("encoder.relative_position_bias"), c, map.size(2), map.size(3))
                : null;
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            Scope at = net.sub("encoder.layer", i);
            Value mask = shared;
            if (c.useRelativePositionBias()) {
                Value own = bias(at.sub("attention.attention.relative_position_bias"), c, map.size(2), map.size(3));
                mask = shared == null ? own : own.add(shared);
            }
            x = layer(at, c, scope.hiddenState(x), mask, Residual.dropPath(c.dropPathRate(), i, c.numHiddenLayers()));
        }
        scope.hiddenState(x);
        Value states = c.useMeanPooling() ? x : net.layerNorm("layernorm", x, c.layerNormEps());
        Value features = scope.features(pooled(net, c, states));
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.IMAGE_CLASSIFICATION) {
            outputs.put("logits", scope.linear("classifier", features, c.labels()));
        } else {
            outputs.put("last_hidden_state", states);
            outputs.put("pooler_output", features);
        }
        return outputs;
    }

    private static Value pooled(Scope net, Config c, Value states) {
        if (!c.useMeanPooling()) {
            return states.select(1, 0);
        }
        Value patches = states.slice(1, Size.of(1), states.size(1));
        return net.layerNorm("pooler.layernorm", patches.mean(false, 1), c.layerNormEps());
    }

    private static Value embeddings(Scope scope, Config c, Value map) {
        long width = c.hiddenSize();
        Value cls = Tokens.special(scope, "cls_token", c.init(), 1, width, map.size(0));
        Value x = Tokens.of(map);
        if (c.useAbsolutePositionEmbeddings()) {
            long patches = c.grid().area();
            Value table = scope.weight("position_embeddings", c.init(), 1, patches + 1, width);
            cls = cls.add(table.slice(1, 0, 1));
            x = x.add(Tokens.positions(table.slice(1, 1, patches + 1), c.grid(), map.size(2), map.size(3)));
        }
        return scope.dropout(cls.concat(1, x), c.hiddenDropoutProb());
    }

    private static Value layer(Scope scope, Config c, Value x, @Nullable Value mask, double dropPath) {
        Value a = Residual.preNorm(
                scope,
                x,
                "layernorm_before",
                c.layerNormEps(),
                n -> scope.linear(
                        "attention.output.dense",
                        MultiHead.selfAttention(
                                scope.sub("attention.attention"),
                                n,
                                c.numAttentionHeads(),
                                true,
                                false,
                                mask,
                                c.attentionProbsDropoutProb()),
                        c.hiddenSize()),
                c.hiddenDropoutProb(),
                scale(scope, c, "lambda_1"),
                dropPath);
        return Residual.preNorm(
                scope,
                a,
                "layernorm_after",
                c.layerNormEps(),
                n -> Residual.mlp(scope, "intermediate.dense", "output.dense", n, c.intermediateSize(), c.hiddenAct()),
                c.hiddenDropoutProb(),
                scale(scope, c, "lambda_2"),
                dropPath);
    }

    private static @Nullable Value scale(Scope scope, Config c, String name) {
        double value = c.layerScaleInitValue();
        return value > 0 ? scope.weight(name, new Init.Constant(value), c.hiddenSize()) : null;
    }

    /** Biases {@code [1, heads, 1 + patches, 1 + patches]}; the table's last rows are for the special token. */
    private static Value bias(Scope scope, Config c, Size height, Size width) {
        long oldHeight = 2 * c.grid().height() - 1;
        long oldWidth = 2 * c.grid().width() - 1;
        long area = oldHeight * oldWidth;
        long heads = c.numAttentionHeads();
        Value table = scope.weight("relative_position_bias_table", c.init(), area + 3, heads);
        // The reference reads the table as width by height here, which only shows where they differ.
        Value map =
                table.slice(0, 0, area).reshape(1, oldWidth, oldHeight, heads).permute(0, 3, 1, 2);
        Value moved = map.resize2d(new Op.Resize2d(
                Op.Resize2d.Mode.BILINEAR,
                height.times(2).minus(1),
                width.times(2).minus(1),
                false));
        Size patches = height.times(width);
        Value rows = Tokens.of(moved).reshape(moved.size(2).times(moved.size(3)), heads);
        Value among = GridPositions.bias(scope, rows, GridPositions.index(scope, height, width));
        Value fromSpecial = special(table, area, heads).expand(1, heads, 1, patches);
        Value toSpecial = special(table, area + 1, heads).expand(1, heads, patches, 1);
        Value itself = special(table, area + 2, heads);
        return itself.concat(3, fromSpecial).concat(2, toSpecial.concat(3, among));
    }

    private static Value special(Value table, long row, long heads) {
        return table.select(0, row).reshape(1, heads, 1, 1);
    }
}
