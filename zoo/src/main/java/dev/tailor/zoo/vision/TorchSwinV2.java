package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Op.Unary;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.GridPositions;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.MultiHead;
import dev.tailor.zoo.nn.Residual;
import dev.tailor.zoo.nn.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Swin transformer v2 as torchvision's {@code swin_transformer.py} keeps it (Liu et al. 2021, arXiv 2111.09883): normalisation behind
 * each branch, cosines in place of dot products, and biases that a small network computes from distances. Takes pictures of any size.
 */
public final class TorchSwinV2 {
    private static final String VARIANTS = """
            swin_v2_t {"embed_dim":96,"depths":[2,2,6,2],"num_heads":[3,6,12,24],"window_size":8,"drop_path_rate":0.2}
            swin_v2_s {"embed_dim":96,"depths":[2,2,18,2],"num_heads":[3,6,12,24],"window_size":8,"drop_path_rate":0.3}
            swin_v2_b {"embed_dim":128,"depths":[2,2,18,2],"num_heads":[4,8,16,32],"window_size":8,"drop_path_rate":0.5}
            """;

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/swin_v2", "TorchvisionSwinV2", TorchSwin.Config::new, TorchSwinV2::build)
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("head")
            .variants("torchvision", VARIANTS);

    private static final long POSITION_WIDTH = 512;
    private static final double MOST_BIAS = 16;
    private static final double MOST_SCALE = Math.log(100);
    /** Below this square, a vector has no direction: the keys of what only pads a map are zeros. */
    private static final double LEAST_SQUARE = 1e-24;

    private TorchSwinV2() {}

    static Map<String, Value> build(Scope root, TorchSwin.Config c, Head head) {
        Scope scope = root.initializer(TorchSwin.INIT);
        Scope features = scope.sub("features");
        Value x = TorchSwin.embeddings(features, c, ImageHead.pixels(scope, 3));
        long count = c.depths().stream().mapToLong(Long::longValue).sum();
        long index = 0;
        for (int stage = 0; stage < c.depths().size(); stage++) {
            if (stage > 0) {
                Scope merge = features.sub(2 * stage);
                Value joined = Windows.merged(x);
                x = merge.layerNorm(
                        "norm", merge.linear("reduction", joined, 2 * x.size(3).constant(), false), TorchSwin.EPSILON);
            }
            for (int i = 0; i < c.depths().get(stage); i++) {
                long shift = i % 2 == 0 ? 0 : c.windowSize() / 2;
                double dropPath = Residual.dropPath(c.dropPathRate(), index++, count);
                x = block(features.sub(2 * stage + 1, i), c, x, c.numHeads().get(stage), shift, dropPath);
            }
            scope.hiddenState(x);
        }
        Value states = scope.layerNorm("norm", x, TorchSwin.EPSILON);
        return ImageHead.outputs(scope, head, states, states.mean(false, 1, 2), "head", c.labels(), 0);
    }

    private static Value block(Scope scope, TorchSwin.Config c, Value x, long heads, long shift, double dropPath) {
        Value attended = scope.layerNorm("norm1", attention(scope.sub("attn"), c, x, heads, shift), TorchSwin.EPSILON);
        Value y = x.add(scope.dropPath(attended, dropPath));
        long inner = (long) (c.mlpRatio() * x.size(3).constant());
        Value mixed = Residual.mlp(scope, "mlp.0", "mlp.3", y, inner, "gelu");
        return y.add(scope.dropPath(scope.layerNorm("norm2", mixed, TorchSwin.EPSILON), dropPath));
    }

    private static Value attention(Scope scope, TorchSwin.Config c, Value x, long heads, long shift) {
        long width = x.size(3).constant();
        Windows windows = Windows.eachWay(x, c.windowSize(), shift);
        Value bias = bias(scope, c.windowSize(), heads);
        if (windows.shifted()) {
            bias = bias.add(windows.mask(scope, x.size(0)));
        }
        List<Value> parts =
                scope.linear("qkv", windows.split(x), 3 * width, false).chunk(2, 3);
        // Stored for the keys, too, but without a part in the result.
        List<Value> shifts =
                scope.sub("qkv").weight("bias", Init.zeros(), 3 * width).chunk(0, 3);
        Value scale = scope.weight("logit_scale", new Init.Constant(Math.log(10)), heads, 1, 1)
                .scalar(Function.MINIMUM, MOST_SCALE)
                .apply(Unary.Function.EXP);
        Value query = direction(MultiHead.split(parts.get(0).add(shifts.get(0)), heads));
        Value key = direction(MultiHead.split(parts.get(1), heads));
        Value value = MultiHead.split(parts.get(2).add(shifts.get(2)), heads);
        Value attended = MultiHead.join(scope.attention(query.mul(scale), key, value, bias, 0, 1));
        return windows.join(scope.linear("proj", attended, width), x);
    }

    private static Value direction(Value x) {
        // The root comes last, since that of zero has no gradient.
        Value square = x.mul(x).sum(true, -1).scalar(Function.MAXIMUM, LEAST_SQUARE);
        return x.mul(square.apply(Unary.Function.RSQRT));
    }

    private static Value bias(Scope scope, long window, long heads) {
        long distances = 2 * window - 1;
        Init init = new Init.Given(distances(window));
        Value pairs = scope.buffer("relative_coords_table", init, 1, distances, distances, 2);
        Value hidden = scope.linear("cpb_mlp.0", pairs.reshape(distances * distances, 2), POSITION_WIDTH);
        Value table = scope.linear("cpb_mlp.2", hidden.relu(), heads, false);
        Size side = Size.of(window);
        return GridPositions.bias(scope, table, GridPositions.index(scope, side, side))
                .apply(Unary.Function.SIGMOID)
                .mul(MOST_BIAS);
    }

    /** All distances of rows and columns, logarithmic, so that those beyond the windows of training are not far away. */
    private static List<Double> distances(long window) {
        List<Double> pairs = new ArrayList<>();
        for (long down = 1 - window; down < window; down++) {
            for (long right = 1 - window; right < window; right++) {
                pairs.add(logarithmic(down, window));
                pairs.add(logarithmic(right, window));
            }
        }
        return pairs;
    }

    private static double logarithmic(long distance, long window) {
        double part = 8.0 * distance / Math.max(window - 1, 1);
        return Math.signum(part) * Math.log(Math.abs(part) + 1) / Math.log(2) / 3;
    }
}
