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

/**
 * DeiT, a vision transformer with a second special token that learned from a teacher (Touvron et al. 2020, arXiv 2012.12877),
 * after transformers' {@code modeling_deit.py}. Its class {@code DeiTForImageClassificationWithTeacher} classifies both tokens
 * and gives their mean.
 */
public final class Deit {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("deit", "DeiT", Config::new, Deit::build)
            .prefix("deit")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier", "cls_classifier", "distillation_classifier")
            .ignorable("pooler", "embeddings.mask_token");

    private Deit() {}

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
            boolean teacher,
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
                    json.architectures().stream().anyMatch(name -> name.endsWith("WithTeacher")),
                    json.labelCount());
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope deit = head == Head.BASE ? scope : scope.sub("deit");
        Value pixels = scope.input(
                "pixel_values",
                Kind.FLOAT,
                "batch",
                c.numChannels(),
                c.imageSize().height(),
                c.imageSize().width());
        Value x = embeddings(deit.sub("embeddings"), c, pixels);
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            x = c.layer().apply(deit.sub("encoder.layer", i), scope.hiddenState(x));
        }
        scope.hiddenState(x);
        Value states = deit.layerNorm("layernorm", x, c.layerNormEps());
        Value features = scope.features(states.select(1, 0));
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.IMAGE_CLASSIFICATION && c.teacher()) {
            Value cls = scope.linear("cls_classifier", features, c.labels());
            Value distilled = scope.linear("distillation_classifier", states.select(1, 1), c.labels());
            outputs.put("logits", cls.add(distilled).div(2));
            outputs.put("cls_logits", cls);
            outputs.put("distillation_logits", distilled);
        } else if (head == Head.IMAGE_CLASSIFICATION) {
            outputs.put("logits", scope.linear("classifier", features, c.labels()));
        } else {
            outputs.put("last_hidden_state", states);
            if (deit.has("pooler.dense.weight")) {
                Value pooled = deit.linear("pooler.dense", features, c.poolerOutputSize());
                outputs.put("pooler_output", Activation.apply(c.poolerAct(), pooled));
            }
        }
        return outputs;
    }

    private static Value embeddings(Scope scope, Config c, Value pixels) {
        Init init = new Init.Normal(c.initializerRange());
        long width = c.hiddenSize();
        Value x = Tokens.of(Tokens.patches(scope, "patch_embeddings.projection", pixels, width, c.patchSize()));
        Value cls = Tokens.special(scope, "cls_token", init, 1, width, pixels.size(0));
        Value distilled = Tokens.special(scope, "distillation_token", init, 1, width, pixels.size(0));
        long patches = c.imageSize().over(c.patchSize()).area();
        Value positions = scope.weight("position_embeddings", init, 1, patches + 2, width);
        return scope.dropout(cls.concat(1, distilled, x).add(positions), c.hiddenDropoutProb());
    }
}
