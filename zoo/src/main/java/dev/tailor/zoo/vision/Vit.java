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
import dev.tailor.zoo.nn.MultiHead;
import java.util.LinkedHashMap;
import java.util.Map;

/** Vision Transformer (Dosovitskiy et al. 2020, arXiv 2010.11929), after transformers' {@code modeling_vit.py}. */
public final class Vit {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("vit", "ViT", Config::new, Vit::build)
            .prefix("vit")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier")
            .adapterTargets("query", "value")
            .ignorable("pooler");

    private Vit() {}

    /** The keys of {@code config.json}. */
    record Config(
            long imageSize,
            long patchSize,
            long numChannels,
            long hiddenSize,
            long numHiddenLayers,
            long numAttentionHeads,
            long intermediateSize,
            String hiddenAct,
            boolean qkvBias,
            double hiddenDropoutProb,
            double attentionProbsDropoutProb,
            double initializerRange,
            double layerNormEps,
            long poolerOutputSize,
            String poolerAct,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("image_size", 224),
                    json.width("patch_size", 16),
                    json.width("num_channels", 3),
                    json.width("hidden_size", 768),
                    json.layers("num_hidden_layers", 12),
                    json.width("num_attention_heads", 12),
                    json.width("intermediate_size", 3072),
                    json.text("hidden_act", "gelu"),
                    json.flag("qkv_bias", true),
                    json.number("hidden_dropout_prob", 0),
                    json.number("attention_probs_dropout_prob", 0),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-12),
                    json.width("pooler_output_size", json.width("hidden_size", 768)),
                    json.text("pooler_act", "tanh"),
                    json.labelCount());
            if (imageSize % patchSize != 0) {
                throw new TailorException(
                        json.source() + ": image_size " + imageSize + " is not a multiple of patch_size " + patchSize);
            }
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope vit = head == Head.BASE ? scope : scope.sub("vit");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), c.imageSize(), c.imageSize());
        Value x = embeddings(vit.sub("embeddings"), c, pixels);
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            x = layer(vit.sub("encoder.layer", i), c, x);
        }
        Value states = vit.layerNorm("layernorm", x, c.layerNormEps());
        Value features = scope.features(states.select(1, 0));
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.IMAGE_CLASSIFICATION) {
            outputs.put("logits", scope.linear("classifier", features, c.labels()));
            return outputs;
        }
        outputs.put("last_hidden_state", states);
        if (vit.has("pooler.dense.weight")) {
            Value pooled = vit.linear("pooler.dense", features, c.poolerOutputSize());
            outputs.put("pooler_output", Activation.apply(c.poolerAct(), pooled));
        }
        return outputs;
    }

    private static Value embeddings(Scope scope, Config c, Value pixels) {
        Init init = new Init.Normal(c.initializerRange());
        long patches = (c.imageSize() / c.patchSize()) * (c.imageSize() / c.patchSize());
        Value x = scope.conv2d(
                        "patch_embeddings.projection", pixels, c.hiddenSize(), c.patchSize(), c.patchSize(), 0, true)
                .flatten(2)
                .transpose(1, 2);
        Value cls = scope.weight("cls_token", init, 1, 1, c.hiddenSize()).expand(pixels.size(0), 1, c.hiddenSize());
        Value positions = scope.weight("position_embeddings", init, 1, patches + 1, c.hiddenSize());
        return scope.dropout(cls.concat(1, x).add(positions), c.hiddenDropoutProb());
    }

    private static Value layer(Scope scope, Config c, Value x) {
        Value normed = scope.layerNorm("layernorm_before", x, c.layerNormEps());
        Value attended = MultiHead.selfAttention(
                scope.sub("attention.attention"),
                normed,
                c.numAttentionHeads(),
                c.qkvBias(),
                null,
                c.attentionProbsDropoutProb());
        Value projected = scope.linear("attention.output.dense", attended, c.hiddenSize());
        Value a = scope.dropout(projected, c.hiddenDropoutProb()).add(x);
        Value inner = scope.linear(
                "intermediate.dense", scope.layerNorm("layernorm_after", a, c.layerNormEps()), c.intermediateSize());
        Value out = scope.linear("output.dense", Activation.apply(c.hiddenAct(), inner), c.hiddenSize());
        return scope.dropout(out, c.hiddenDropoutProb()).add(a);
    }
}
