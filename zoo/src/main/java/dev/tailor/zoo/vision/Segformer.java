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
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.MultiHead;
import dev.tailor.zoo.nn.Residual;
import dev.tailor.zoo.nn.Tokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SegFormer (Xie et al. 2021, arXiv 2105.15203), after transformers' {@code modeling_segformer.py}. */
public final class Segformer {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "segformer", "Segformer", Config::new, Segformer::build)
            .prefix("segformer")
            .heads(Head.IMAGE_CLASSIFICATION, Head.SEMANTIC_SEGMENTATION)
            .headKeys("classifier", "decode_head");

    /** The config's {@code layer_norm_eps} is not read by the reference. */
    private static final double EPSILON = 1e-5;

    private static final double MOMENTUM = 0.1;

    private Segformer() {}

    /** The keys of {@code config.json}. */
    record Config(
            long numChannels,
            List<Long> depths,
            List<Long> srRatios,
            List<Long> hiddenSizes,
            List<Long> patchSizes,
            List<Long> strides,
            List<Long> numAttentionHeads,
            List<Long> mlpRatios,
            String hiddenAct,
            double hiddenDropoutProb,
            double attentionProbsDropoutProb,
            double classifierDropoutProb,
            double initializerRange,
            double dropPathRate,
            long decoderHiddenSize,
            boolean reshapeLastStage,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("num_channels", 3),
                    stages(json, "depths", List.of(2L, 2L, 2L, 2L), 1000),
                    stages(json, "sr_ratios", List.of(8L, 4L, 2L, 1L), 10_000),
                    stages(json, "hidden_sizes", List.of(32L, 64L, 160L, 256L), Integer.MAX_VALUE),
                    stages(json, "patch_sizes", List.of(7L, 3L, 3L, 3L), 10_000),
                    stages(json, "strides", List.of(4L, 2L, 2L, 2L), 10_000),
                    stages(json, "num_attention_heads", List.of(1L, 2L, 5L, 8L), Integer.MAX_VALUE),
                    stages(json, "mlp_ratios", List.of(4L, 4L, 4L, 4L), 10_000),
                    json.text("hidden_act", "gelu"),
                    json.number("hidden_dropout_prob", 0),
                    json.number("attention_probs_dropout_prob", 0),
                    json.number("classifier_dropout_prob", 0.1),
                    json.number("initializer_range", 0.02),
                    json.number("drop_path_rate", 0.1),
                    json.width("decoder_hidden_size", 256),
                    json.flag("reshape_last_stage", true),
                    json.labelCount());
        }

        /** One entry for each of {@code num_encoder_blocks} stages; further ones are not read. */
        private static List<Long> stages(ModelConfig json, String key, List<Long> absent, long most) {
            int count = (int) json.count("num_encoder_blocks", 4, 100);
            List<Long> found = json.integers(key, absent);
            if (found.size() < count) {
                throw new TailorException(json.source() + ": \"" + key + "\" must have num_encoder_blocks = " + count
                        + " entries, found " + found);
            }
            found.forEach(entry -> json.check(key, entry, most));
            return found.subList(0, count);
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope net = head == Head.BASE ? scope : scope.sub("segformer");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        List<Value> maps = encoder(net.sub("encoder"), c, pixels);
        Value last = maps.get(maps.size() - 1);
        maps.subList(0, maps.size() - 1).forEach(scope::hiddenState);
        Value states = scope.hiddenState(c.reshapeLastStage() ? last : Tokens.of(last));
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.SEMANTIC_SEGMENTATION) {
            if (!c.reshapeLastStage()) {
                throw new IllegalArgumentException(
                        "\"reshape_last_stage\": false leaves no picture for a segmentation; it must be true");
            }
            outputs.put("logits", decoder(scope.sub("decode_head"), c, maps));
            return outputs;
        }
        Value features = scope.features(last.mean(false, 2, 3));
        if (head == Head.IMAGE_CLASSIFICATION) {
            outputs.put("logits", scope.linear("classifier", features, c.labels()));
        } else {
            outputs.put("last_hidden_state", states);
        }
        return outputs;
    }

    /** The map of each stage, {@code [batch, channels, height, width]}. */
    private static List<Value> encoder(Scope scope, Config c, Value pixels) {
        List<Value> maps = new ArrayList<>();
        long count = c.depths().stream().mapToLong(Long::longValue).sum();
        long index = 0;
        Value x = pixels;
        for (int stage = 0; stage < c.depths().size(); stage++) {
            long patch = c.patchSizes().get(stage);
            Scope embed = scope.sub("patch_embeddings", stage);
            Value map = embed.conv2d(
                    "proj", x, c.hiddenSizes().get(stage), patch, c.strides().get(stage), patch / 2, true);
            Value y = embed.layerNorm("layer_norm", Tokens.of(map), EPSILON);
            for (int i = 0; i < c.depths().get(stage); i++) {
                double dropPath = Residual.dropPath(c.dropPathRate(), index++, count);
                y = layer(scope.sub("block", stage, i), c, stage, y, map.size(2), map.size(3), dropPath);
            }
            y = scope.layerNorm("layer_norm." + stage, y, EPSILON);
            x = Tokens.map(y, map.size(2), map.size(3));
            maps.add(x);
        }
        return maps;
    }

    private static Value layer(Scope scope, Config c, int stage, Value x, Size height, Size width, double dropPath) {
        Value a = Residual.preNorm(
                scope,
                x,
                "layer_norm_1",
                EPSILON,
                n -> attention(scope.sub("attention"), c, stage, n, height, width),
                c.hiddenDropoutProb(),
                null,
                dropPath);
        return Residual.preNorm(
                scope,
                a,
                "layer_norm_2",
                EPSILON,
                n -> mix(scope.sub("mlp"), c, stage, n, height, width),
                c.hiddenDropoutProb(),
                null,
                dropPath);
    }

    /** Attention to a map that a convolution has made smaller. */
    private static Value attention(Scope scope, Config c, int stage, Value x, Size height, Size width) {
        long size = c.hiddenSizes().get(stage);
        long heads = c.numAttentionHeads().get(stage);
        long ratio = c.srRatios().get(stage);
        Scope self = scope.sub("self");
        Value seen = x;
        if (ratio > 1) {
            Value map = self.conv2d("sr", Tokens.map(x, height, width), size, ratio, ratio, 0, true);
            seen = self.layerNorm("layer_norm", Tokens.of(map), EPSILON);
        }
        Value attended = self.attention(
                MultiHead.split(self.linear("query", x, size), heads),
                MultiHead.split(self.linear("key", seen, size), heads),
                MultiHead.split(self.linear("value", seen, size), heads),
                null,
                c.attentionProbsDropoutProb());
        return scope.linear("output.dense", MultiHead.join(attended), size);
    }

    /** Two linear layers with a depthwise convolution between, which tells positions apart. */
    private static Value mix(Scope scope, Config c, int stage, Value x, Size height, Size width) {
        long size = c.hiddenSizes().get(stage);
        long inner = size * c.mlpRatios().get(stage);
        Value map = Tokens.map(scope.linear("dense1", x, inner), height, width);
        Value y = Tokens.of(scope.conv2d("dwconv.dwconv", map, inner, 3, 1, 1, inner, true));
        y = scope.dropout(Activation.apply(c.hiddenAct(), y), c.hiddenDropoutProb());
        return scope.linear("dense2", y, size);
    }

    private static Value decoder(Scope scope, Config c, List<Value> maps) {
        Size height = maps.get(0).size(2);
        Size width = maps.get(0).size(3);
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < maps.size(); i++) {
            Value map = maps.get(i);
            Value part = scope.linear("linear_c." + i + ".proj", Tokens.of(map), c.decoderHiddenSize());
            part = Tokens.map(part, map.size(2), map.size(3));
            Op.Resize2d resize = new Op.Resize2d(Op.Resize2d.Mode.BILINEAR, height, width, false);
            parts.add(0, i == 0 ? part : part.resize2d(resize));
        }
        Value all = parts.get(0).concat(1, parts.subList(1, parts.size()).toArray(Value[]::new));
        Value x = scope.conv2d("linear_fuse", all, c.decoderHiddenSize(), 1, 1, 0, false);
        x = scope.batchNorm("batch_norm", x, EPSILON, MOMENTUM).relu();
        return scope.conv2d("classifier", scope.dropout(x, c.classifierDropoutProb()), c.labels(), 1, 1, 0, true);
    }
}
