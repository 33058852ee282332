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
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.MultiHead;
import dev.tailor.zoo.nn.Residual;
import dev.tailor.zoo.nn.Sides;
import dev.tailor.zoo.nn.Tokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * DINOv2 (Oquab et al. 2023, arXiv 2304.07193), after transformers' {@code modeling_dinov2.py}. Takes pictures of any size:
 * its table of positions is interpolated.
 */
public final class Dinov2 {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("dinov2", "Dinov2", Config::new, Dinov2::build)
            .prefix("dinov2")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier")
            .ignorable("embeddings.mask_token");

    private Dinov2() {}

    /** The keys of {@code config.json}. */
    record Config(
            Sides grid,
            Sides patchSize,
            long numChannels,
            long hiddenSize,
            long numHiddenLayers,
            long numAttentionHeads,
            long inner,
            String hiddenAct,
            boolean useSwigluFfn,
            boolean qkvBias,
            double hiddenDropoutProb,
            double attentionProbsDropoutProb,
            double dropPathRate,
            double initializerRange,
            double layerNormEps,
            double layerscaleValue,
            int labels) {
        Config(ModelConfig json) {
            this(
                    square(json, Sides.of(json, "image_size", 224).over(Sides.of(json, "patch_size", 14))),
                    Sides.of(json, "patch_size", 14),
                    json.width("num_channels", 3),
                    json.width("hidden_size", 768),
                    json.layers("num_hidden_layers", 12),
                    json.width("num_attention_heads", 12),
                    (long) (json.width("hidden_size", 768) * json.number("mlp_ratio", 4)),
                    json.text("hidden_act", "gelu"),
                    json.flag("use_swiglu_ffn", false),
                    json.flag("qkv_bias", true),
                    json.number("hidden_dropout_prob", 0),
                    json.number("attention_probs_dropout_prob", 0),
                    json.number("drop_path_rate", 0),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-6),
                    json.number("layerscale_value", 1),
                    json.labelCount());
        }

        /** The reference reads its table of positions as a square. */
        private static Sides square(ModelConfig json, Sides grid) {
            if (grid.height() != grid.width()) {
                throw new TailorException(
                        json.source() + ": image_size must hold as many patches in height as in width," + " found "
                                + grid.height() + " and " + grid.width());
            }
            return grid;
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope net = head == Head.BASE ? scope : scope.sub("dinov2");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        Value x = embeddings(net.sub("embeddings"), c, pixels);
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            x = layer(net.sub("encoder.layer", i), c, scope.hiddenState(x));
        }
        scope.hiddenState(x);
        Value states = net.layerNorm("layernorm", x, c.layerNormEps());
        Value cls = states.select(1, 0);
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.IMAGE_CLASSIFICATION) {
            Value patches = states.slice(1, Size.of(1), states.size(1));
            Value both = scope.features(cls.concat(1, patches.mean(false, 1)));
            outputs.put("logits", scope.linear("classifier", both, c.labels()));
        } else {
            outputs.put("last_hidden_state", states);
            outputs.put("pooler_output", scope.features(cls));
        }
        return outputs;
    }

    private static Value embeddings(Scope scope, Config c, Value pixels) {
        Init init = new Init.Normal(c.initializerRange());
        long width = c.hiddenSize();
        Value map = Tokens.patches(scope, "patch_embeddings.projection", pixels, width, c.patchSize());
        long patches = c.grid().area();
        Value table = scope.weight("position_embeddings", init, 1, patches + 1, width);
        Value moved = Tokens.positions(table.slice(1, 1, patches + 1), c.grid(), map.size(2), map.size(3));
        Value cls = Tokens.special(scope, "cls_token", init, 1, width, pixels.size(0));
        Value x = cls.add(table.slice(1, 0, 1)).concat(1, Tokens.of(map).add(moved));
        return scope.dropout(x, c.hiddenDropoutProb());
    }

    private static Value layer(Scope scope, Config c, Value x) {
        Init init = new Init.Constant(c.layerscaleValue());
        Value a = Residual.preNorm(
                scope,
                x,
                "norm1",
                c.layerNormEps(),
                n -> scope.linear(
                        "attention.output.dense",
                        MultiHead.selfAttention(
                                scope.sub("attention.attention"),
                                n,
                                c.numAttentionHeads(),
                                c.qkvBias(),
                                null,
                                c.attentionProbsDropoutProb()),
                        c.hiddenSize()),
                0,
                scope.weight("layer_scale1.lambda1", init, c.hiddenSize()),
                c.dropPathRate());
        return Residual.preNorm(
                scope,
                a,
                "norm2",
                c.layerNormEps(),
                n -> c.useSwigluFfn()
                        ? swiglu(scope.sub("mlp"), c, n)
                        : Residual.mlp(scope.sub("mlp"), "fc1", "fc2", n, c.inner(), c.hiddenAct()),
                0,
                scope.weight("layer_scale2.lambda1", init, c.hiddenSize()),
                c.dropPathRate());
    }

    /** A gated layer (Shazeer 2020, arXiv 2002.05202) of two thirds of the width, rounded up to a multiple of 8. */
    private static Value swiglu(Scope scope, Config c, Value x) {
        long inner = ((long) (c.inner() * 2.0 / 3) + 7) / 8 * 8;
        List<Value> halves = scope.linear("weights_in", x, 2 * inner).chunk(-1, 2);
        return scope.linear(
                "weights_out", Activation.apply("silu", halves.get(0)).mul(halves.get(1)), c.hiddenSize());
    }
}
