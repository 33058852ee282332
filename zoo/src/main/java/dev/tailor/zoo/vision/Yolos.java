package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op.Unary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.PredictionHead;
import dev.tailor.zoo.nn.Sides;
import dev.tailor.zoo.nn.Tokens;
import dev.tailor.zoo.nn.VitLayer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * YOLOS, a vision transformer with tokens that become boxes (Fang et al. 2021, arXiv 2106.00666), after transformers' {@code
 * modeling_yolos.py}. Takes pictures of any size: its tables of positions are interpolated.
 */
public final class Yolos {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("yolos", "Yolos", Config::new, Yolos::build)
            .prefix("vit")
            .heads(Head.OBJECT_DETECTION)
            .headKeys("class_labels_classifier", "bbox_predictor")
            .ignorable("pooler");

    private Yolos() {}

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
            long numDetectionTokens,
            boolean useMidPositionEmbeddings,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.has("image_size") ? Sides.of(json, "image_size", 512) : new Sides(512, 864),
                    Sides.of(json, "patch_size", 16),
                    json.width("num_channels", 3),
                    json.width("hidden_size", 768),
                    json.layers("num_hidden_layers", 12),
                    VitLayer.of(json),
                    json.number("hidden_dropout_prob", 0),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-12),
                    json.width("num_detection_tokens", 100),
                    json.flag("use_mid_position_embeddings", true),
                    json.labelCount());
        }

        Sides grid() {
            return imageSize.over(patchSize);
        }

        long positions() {
            return 1 + grid().area() + numDetectionTokens;
        }

        Init init() {
            return new Init.Normal(initializerRange);
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(c.init());
        Scope net = head == Head.BASE ? scope : scope.sub("vit");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        Value map = Tokens.patches(
                net.sub("embeddings"), "patch_embeddings.projection", pixels, c.hiddenSize(), c.patchSize());
        Size height = map.size(2);
        Size width = map.size(3);
        Value x = scope.hiddenState(embeddings(net.sub("embeddings"), c, map));
        boolean between = c.useMidPositionEmbeddings() && c.numHiddenLayers() > 1;
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            x = scope.hiddenState(c.layer().apply(net.sub("encoder.layer", i), x));
            if (between && i + 1 < c.numHiddenLayers()) {
                Value tables = net.weight(
                        "encoder.mid_position_embeddings",
                        c.init(),
                        c.numHiddenLayers() - 1,
                        1,
                        c.positions(),
                        c.hiddenSize());
                x = x.add(positions(tables.select(0, i), c, height, width));
            }
        }
        Value states = net.layerNorm("layernorm", x, c.layerNormEps());
        Value features = scope.features(states.select(1, 0));
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.OBJECT_DETECTION) {
            Size count = states.size(1);
            Value found = states.slice(1, count.minus(c.numDetectionTokens()), count)
                    .reshape(states.size(0), c.numDetectionTokens(), c.hiddenSize());
            // One label more, for no object.
            outputs.put("logits", PredictionHead.apply(scope.sub("class_labels_classifier"), found, c.labels() + 1));
            Value boxes = PredictionHead.apply(scope.sub("bbox_predictor"), found, 4);
            outputs.put("pred_boxes", boxes.apply(Function.SIGMOID));
        }
        outputs.put("last_hidden_state", states);
        if (head == Head.BASE && net.has("pooler.dense.weight")) {
            outputs.put(
                    "pooler_output",
                    net.linear("pooler.dense", features, c.hiddenSize()).tanh());
        }
        return outputs;
    }

    private static Value embeddings(Scope scope, Config c, Value map) {
        long width = c.hiddenSize();
        Value cls = Tokens.special(scope, "cls_token", c.init(), 1, width, map.size(0));
        Value found = Tokens.special(scope, "detection_tokens", c.init(), c.numDetectionTokens(), width, map.size(0));
        Value table = scope.weight("position_embeddings", c.init(), 1, c.positions(), width);
        Value x = cls.concat(1, Tokens.of(map), found).add(positions(table, c, map.size(2), map.size(3)));
        return scope.dropout(x, c.hiddenDropoutProb());
    }

    /** A table {@code [1, positions, width]} whose part for the patches fits the picture. */
    private static Value positions(Value table, Config c, Size height, Size width) {
        long end = 1 + c.grid().area();
        Value patches = Tokens.positions(table.slice(1, 1, end), c.grid(), height, width);
        return table.slice(1, 0, 1).concat(1, patches, table.slice(1, end, c.positions()));
    }
}
