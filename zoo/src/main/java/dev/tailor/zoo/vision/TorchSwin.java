package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.FusedAttention;
import dev.tailor.zoo.nn.GridPositions;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.Residual;
import dev.tailor.zoo.nn.Sides;
import dev.tailor.zoo.nn.Tokens;
import dev.tailor.zoo.nn.Windows;
import java.util.List;
import java.util.Map;

/** Swin transformer as torchvision's {@code swin_transformer.py} keeps it (Liu et al. 2021, arXiv 2103.14030). Takes pictures of any size. */
public final class TorchSwin {
    private static final String VARIANTS = """
            swin_t {"embed_dim":96,"depths":[2,2,6,2],"num_heads":[3,6,12,24],"drop_path_rate":0.2}
            swin_s {"embed_dim":96,"depths":[2,2,18,2],"num_heads":[3,6,12,24],"drop_path_rate":0.3}
            swin_b {"embed_dim":128,"depths":[2,2,18,2],"num_heads":[4,8,16,32],"drop_path_rate":0.5}
            """;

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/swin", "TorchvisionSwin", Config::new, TorchSwin::build)
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("head")
            .variants("torchvision", VARIANTS);

    static final double EPSILON = 1e-5;
    static final Init INIT = new Init.Normal(0.02);

    private TorchSwin() {}

    /** The network's arguments. */
    record Config(
            long patchSize,
            long embedDim,
            List<Long> depths,
            List<Long> numHeads,
            long windowSize,
            double mlpRatio,
            double dropPathRate,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("patch_size", 4),
                    json.width("embed_dim", 96),
                    json.integers("depths", List.of(2L, 2L, 6L, 2L)),
                    json.integers("num_heads", List.of(3L, 6L, 12L, 24L)),
                    json.count("window_size", 7, 1000),
                    json.number("mlp_ratio", 4),
                    json.number("drop_path_rate", 0.1),
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
        Scope scope = root.initializer(INIT);
        Scope features = scope.sub("features");
        Value x = embeddings(features, c, ImageHead.pixels(scope, 3));
        long count = c.depths().stream().mapToLong(Long::longValue).sum();
        long index = 0;
        for (int stage = 0; stage < c.depths().size(); stage++) {
            if (stage > 0) {
                x = merge(features.sub(2 * stage), x);
            }
            for (int i = 0; i < c.depths().get(stage); i++) {
                long shift = i % 2 == 0 ? 0 : c.windowSize() / 2;
                double dropPath = Residual.dropPath(c.dropPathRate(), index++, count);
                x = block(features.sub(2 * stage + 1, i), c, x, c.numHeads().get(stage), shift, dropPath);
            }
            scope.hiddenState(x);
        }
        Value states = scope.layerNorm("norm", x, EPSILON);
        return ImageHead.outputs(scope, head, states, states.mean(false, 1, 2), "head", c.labels(), 0);
    }

    /** Patches {@code [batch, height, width, channels]}. */
    static Value embeddings(Scope features, Config c, Value pixels) {
        Sides patch = new Sides(c.patchSize(), c.patchSize());
        Value map = Tokens.patches(features, "0.0", pixels, c.embedDim(), patch);
        return features.layerNorm("0.2", map.permute(0, 2, 3, 1), EPSILON);
    }

    private static Value block(Scope scope, Config c, Value x, long heads, long shift, double dropPath) {
        Value y = Residual.preNorm(
                scope, x, "norm1", EPSILON, n -> attention(scope.sub("attn"), c, n, heads, shift), 0, null, dropPath);
        long inner = (long) (c.mlpRatio() * x.size(3).constant());
        return Residual.preNorm(
                scope,
                y,
                "norm2",
                EPSILON,
                n -> Residual.mlp(scope, "mlp.0", "mlp.3", n, inner, "gelu"),
                0,
                null,
                dropPath);
    }

    private static Value attention(Scope scope, Config c, Value x, long heads, long shift) {
        long width = x.size(3).constant();
        Windows windows = Windows.eachWay(x, c.windowSize(), shift);
        long distances = (2 * c.windowSize() - 1) * (2 * c.windowSize() - 1);
        Value table = scope.weight("relative_position_bias_table", INIT, distances, heads);
        Size side = Size.of(c.windowSize());
        Value bias = GridPositions.bias(scope, table, GridPositions.index(scope, side, side));
        if (windows.shifted()) {
            bias = bias.add(windows.mask(scope, x.size(0)));
        }
        Value projected = scope.linear("qkv", windows.split(x), 3 * width);
        Value attended = FusedAttention.apply(scope, projected, heads, bias, 0);
        return windows.join(scope.linear("proj", attended, width), x);
    }

    /** Half the height and width, twice the channels. */
    private static Value merge(Scope scope, Value x) {
        Value joined = scope.layerNorm("norm", Windows.merged(x), EPSILON);
        return scope.linear("reduction", joined, 2 * x.size(3).constant(), false);
    }
}
