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
import dev.tailor.zoo.nn.ChannelNorm;
import dev.tailor.zoo.nn.Residual;
import dev.tailor.zoo.nn.ResponseNorm;
import dev.tailor.zoo.nn.Sides;
import dev.tailor.zoo.nn.Tokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** ConvNeXt (Liu et al. 2022, arXiv 2201.03545), after transformers' {@code modeling_convnext.py}. */
public final class ConvNext {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "convnext",
                    "ConvNext",
                    json -> new Config(json, json.number("layer_scale_init_value", 1e-6), false),
                    (scope, config, head) -> build(scope, config, head, "convnext"))
            .prefix("convnext")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier");

    /** The normalisations inside take no epsilon from the config. */
    private static final double EPSILON = 1e-6;

    private ConvNext() {}

    /** The keys of {@code config.json}; {@code responseNorm} is what the second version has in the place of layer scale. */
    record Config(
            long numChannels,
            Sides patchSize,
            List<Long> hiddenSizes,
            List<Long> depths,
            String hiddenAct,
            double initializerRange,
            double layerNormEps,
            double layerScaleInitValue,
            boolean responseNorm,
            double dropPathRate,
            int labels) {
        Config(ModelConfig json, double layerScale, boolean responseNorm) {
            this(
                    json.width("num_channels", 3),
                    Sides.of(json, "patch_size", 4),
                    json.integers("hidden_sizes", List.of(96L, 192L, 384L, 768L)),
                    json.integers("depths", List.of(3L, 3L, 9L, 3L)),
                    json.text("hidden_act", "gelu"),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-12),
                    layerScale,
                    responseNorm,
                    json.number("drop_path_rate", 0),
                    json.labelCount());
            hiddenSizes.forEach(size -> json.check("hidden_sizes", size, Integer.MAX_VALUE));
            depths.forEach(depth -> json.check("depths", depth, 1000));
            long stages = json.layers("num_stages", 4);
            if (hiddenSizes.size() != stages || depths.size() != stages) {
                throw new TailorException(json.source() + ": hidden_sizes and depths must have num_stages = " + stages
                        + " entries each, found " + hiddenSizes + " and " + depths);
            }
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head, String prefix) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope net = head == Head.BASE ? scope : scope.sub(prefix);
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        Value x = Tokens.patches(
                net.sub("embeddings"),
                "patch_embeddings",
                pixels,
                c.hiddenSizes().get(0),
                c.patchSize());
        x = scope.hiddenState(ChannelNorm.apply(net, "embeddings.layernorm", x, EPSILON));
        long count = c.depths().stream().mapToLong(Long::longValue).sum();
        long index = 0;
        for (int stage = 0; stage < c.depths().size(); stage++) {
            Scope at = net.sub("encoder.stages", stage);
            if (stage > 0) {
                Value normed = ChannelNorm.apply(at, "downsampling_layer.0", x, EPSILON);
                x = at.conv2d("downsampling_layer.1", normed, c.hiddenSizes().get(stage), 2, 2, 0, true);
            }
            for (int i = 0; i < c.depths().get(stage); i++) {
                x = layer(at.sub("layers", i), c, x, Residual.dropPath(c.dropPathRate(), index++, count));
            }
            scope.hiddenState(x);
        }
        Value features = scope.features(net.layerNorm("layernorm", x.mean(false, 2, 3), c.layerNormEps()));
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.IMAGE_CLASSIFICATION) {
            outputs.put("logits", scope.linear("classifier", features, c.labels()));
        } else {
            outputs.put("last_hidden_state", x);
            outputs.put("pooler_output", features);
        }
        return outputs;
    }

    private static Value layer(Scope scope, Config c, Value x, double dropPath) {
        long width = x.size(1).constant();
        Value y = scope.conv2d("dwconv", x, width, 7, 1, 3, width, true).permute(0, 2, 3, 1);
        y = scope.linear("pwconv1", scope.layerNorm("layernorm", y, EPSILON), 4 * width);
        y = Activation.apply(c.hiddenAct(), y);
        if (c.responseNorm()) {
            y = responseNorm(scope.sub("grn"), y);
        }
        y = scope.linear("pwconv2", y, width);
        if (c.layerScaleInitValue() > 0) {
            y = y.mul(scope.weight("layer_scale_parameter", new Init.Constant(c.layerScaleInitValue()), width));
        }
        return x.add(scope.dropPath(y.permute(0, 3, 1, 2), dropPath));
    }

    /** Global response normalisation of {@code [batch, height, width, channels]}. */
    private static Value responseNorm(Scope scope, Value x) {
        long width = x.size(3).constant();
        Value weight = scope.weight("weight", Init.zeros(), 1, 1, 1, width);
        Value bias = scope.weight("bias", Init.zeros(), 1, 1, 1, width);
        return ResponseNorm.apply(x, weight, bias);
    }
}
