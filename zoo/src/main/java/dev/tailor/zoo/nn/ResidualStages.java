package dev.tailor.zoo.nn;

import dev.tailor.program.Op;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ConvNorm.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * The stages of a residual network (He et al. 2015, arXiv 1512.03385) and of its kin: groups (Xie et al. 2016, arXiv 1611.05431),
 * wider bottlenecks (Zagoruyko and Komodakis 2016, arXiv 1605.07146), pooled shortcuts (He et al. 2018, arXiv 1812.01187).
 *
 * @param names where a library keeps the parts
 * @param bottleneck three convolutions a block instead of two
 * @param widths channels that each stage gives
 * @param middles channels within the blocks of each stage
 * @param groups of the 3 x 3 convolution
 * @param strides of the first block of each stage
 * @param dilations of the stages; a stage's first block has the one before it
 * @param strideFirst whether a bottleneck's stride sits in its first convolution instead of the 3 x 3 one
 * @param pooledShortcut whether a shortcut averages instead of skipping pixels
 * @param squeeze whether blocks end in squeeze and excitation, by a 16th of their channels
 * @param activation of the sums; within the blocks it is {@code inner}
 * @param dropPath by which the last block's branch is dropped while training; the others' rates grow evenly towards it
 */
public record ResidualStages(
        Names names,
        boolean bottleneck,
        List<Long> depths,
        List<Long> widths,
        List<Long> middles,
        long groups,
        List<Long> strides,
        List<Long> dilations,
        boolean strideFirst,
        boolean pooledShortcut,
        boolean squeeze,
        String inner,
        String activation,
        double dropPath) {
    /**
     * Paths below a stage's scope.
     *
     * @param block of a stage's and a block's number, such as {@code layer%d.%d}
     * @param firstStage the number of the first stage
     * @param conv, norm of a part of a block, such as {@code conv%d}
     * @param firstPart the number of the first part
     * @param shortcutConv, shortcutNorm of the shortcut
     */
    public record Names(
            String block,
            int firstStage,
            String conv,
            String norm,
            int firstPart,
            String shortcutConv,
            String shortcutNorm) {
        private String part(String form, int number) {
            return String.format(form, number + firstPart);
        }
    }

    /** Traces the stages; the result holds each stage's output. */
    public List<Value> apply(Scope scope, Value x) {
        return apply(scope, ConvNorm.TORCH, x);
    }

    /** As {@link #apply(Scope, Value)}, with normalisations of another kind. */
    public List<Value> apply(Scope scope, ConvNorm layer, Value x) {
        List<Value> outputs = new ArrayList<>();
        Value y = x;
        long before = 1;
        long count = depths.stream().mapToLong(Long::longValue).sum();
        long index = 0;
        for (int stage = 0; stage < depths.size(); stage++) {
            for (int i = 0; i < depths.get(stage); i++) {
                Scope at = scope.sub(String.format(names.block(), stage + names.firstStage(), i));
                long dilation = i == 0 ? before : dilations.get(stage);
                double drop = Residual.dropPath(dropPath, index++, count);
                y = block(at, layer, stage, y, i == 0 ? strides.get(stage) : 1, dilation, drop);
            }
            before = dilations.get(stage);
            outputs.add(y);
        }
        return outputs;
    }

    private Value block(Scope scope, ConvNorm layer, int stage, Value x, long stride, long dilation, double drop) {
        long out = widths.get(stage);
        long middle = middles.get(stage);
        boolean same = stride == 1 && x.size(1).constant() == out;
        Value residual = same ? x : shortcut(scope, layer, x, out, stride);
        Window wide = Window.of(3).dilated(dilation);
        Value y;
        if (bottleneck) {
            y = conv(scope, layer, 0, x, middle, Window.of(1).by(strideFirst ? stride : 1), inner);
            y = conv(
                    scope,
                    layer,
                    1,
                    y,
                    middle,
                    wide.by(strideFirst ? 1 : stride).in(groups),
                    inner);
            y = conv(scope, layer, 2, y, out, Window.of(1), ConvNorm.NONE);
        } else {
            y = conv(scope, layer, 0, x, middle, wide.by(stride), inner);
            y = conv(scope, layer, 1, y, out, wide, ConvNorm.NONE);
        }
        if (squeeze) {
            y = SqueezeExcitation.apply(
                    scope, "se.fc1", "se.fc2", y, Widths.divisible(out / 16.0, 8, 0), "relu", "sigmoid");
        }
        return Activation.apply(activation, scope.dropPath(y, drop).add(residual));
    }

    private Value shortcut(Scope scope, ConvNorm layer, Value x, long out, long stride) {
        if (!pooledShortcut) {
            return layer.apply(
                    scope,
                    names.shortcutConv(),
                    names.shortcutNorm(),
                    x,
                    out,
                    Window.of(1).by(stride),
                    ConvNorm.NONE);
        }
        List<Long> both = List.of(stride, stride);
        Value pooled = stride == 1 ? x : x.pool(new Op.Pool2d(false, both, both, List.of(0L, 0L), true, false));
        return layer.apply(scope, names.shortcutConv(), names.shortcutNorm(), pooled, out, Window.of(1), ConvNorm.NONE);
    }

    private Value conv(Scope scope, ConvNorm layer, int part, Value x, long out, Window window, String act) {
        return layer.apply(scope, names.part(names.conv(), part), names.part(names.norm(), part), x, out, window, act);
    }
}
