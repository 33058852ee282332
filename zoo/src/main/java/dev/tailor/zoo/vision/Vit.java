package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.Sides;
import dev.tailor.zoo.nn.Tokens;
import dev.tailor.zoo.nn.VitLayer;
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
            Sides imageSize,
            Sides patchSize,
            long numChannels,
            long hiddenSize,
            long numHiddenLayers,
            VitLayer layer,
            double hiddenDropoutProb,
            double initializerRange,
            double layerNormEps,
            long poolerOutputSize,
            String poolerAct,
            int labels) {
        Config(ModelConfig json) {
            this(
                    Sides.of(json, "image_size", 224),
                    Sides.of(json, "patch_size", 16),
                    json.width("num_channels", 3),
                    json.width("hidden_size", 768),
                    json.layers("num_hidden_layers", 12),
                    VitLayer.of(json),
                    json.number("hidden_dropout_prob", 0),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-12),
                    json.width("pooler_output_size", json.width("hidden_size", 768)),
                    json.text("pooler_act", "tanh"),
                    json.labelCount());
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope vit = head == Head.BASE ? scope : scope.sub("vit");
        Value pixels = scope.input(
                "pixel_values",
                Kind.FLOAT,
                "batch",
                c.numChannels(),
                c.imageSize().height(),
                c.imageSize().width());
        Value x = embeddings(vit.sub("embeddings"), c, pixels);
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            x = c.layer().apply(vit.sub("encoder.layer", i), scope.hiddenState(x));
        }
        scope.hiddenState(x);
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
        Value x =
                Tokens.of(Tokens.patches(scope, "patch_embeddings.projection", pixels, c.hiddenSize(), c.patchSize()));
        long patches = c.imageSize().over(c.patchSize()).area();
        Value cls = Tokens.special(scope, "cls_token", init, 1, c.hiddenSize(), pixels.size(0));
        Value positions = scope.weight("position_embeddings", init, 1, patches + 1, c.hiddenSize());
        return scope.dropout(cls.concat(1, x).add(positions), c.hiddenDropoutProb());
    }
}
