package dev.tailor.engine.torch;

import dev.tailor.engine.torch.LinearKernel.Fused;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.List;
import java.util.Optional;

/**
 * Convolutions as XNNPACK computes them: channels last, 32-bit floats, results clamped to a range on their way out, which
 * makes ReLU and ReLU6 free. On thin layers, such as those of MobileNet v2, a call costs a fraction of oneDNN's.
 *
 * <p>XNNPACK has threads of its own, as many as libtorch had when they were first used, while the other operators share
 * their work out by OpenMP, whose idle threads spin for milliseconds. So a network takes these kernels for all of its
 * convolutions or for none, and its other operators run on the caller's thread alone.
 */
final class ClampedConvolutions {
    /** The class of what {@link #pack} gives. */
    static final String CONTEXT = "__torch__.torch.classes.xnnpack.Conv2dOpContext";

    private ClampedConvolutions() {}

    /**
     * Whether a network gains: it has convolutions of single channels, and what stands between its convolutions costs little
     * on one thread.
     */
    static boolean suit(Program program) {
        List<Value> nodes =
                program.functions().stream().flatMap(f -> f.nodes().stream()).toList();
        return nodes.stream().anyMatch(ClampedConvolutions::depthwise)
                && nodes.stream().allMatch(v -> cheap(v.op()));
    }

    private static boolean depthwise(Value node) {
        return node.op() instanceof Op.Conv2d conv
                && conv.groups() > 1
                && node.inputs().get(1).size(1).equals(Size.of(1));
    }

    private static boolean cheap(Op op) {
        return op instanceof Op.Unary unary
                ? Activations.fused(unary.function())
                        .filter(ClampedConvolutions::fuses)
                        .isPresent()
                : !(op instanceof Op.Attention
                        || op instanceof Op.MatMul
                        || op instanceof Op.Softmax
                        || op instanceof Op.LogSoftmax
                        || op instanceof Op.LayerNorm
                        || op instanceof Op.GroupNorm
                        || op instanceof Op.Where
                        || op instanceof Op.Gather
                        || op instanceof Op.Embedding);
    }

    /** Whether the kernel can apply what oneDNN calls so. */
    static boolean fuses(Fused fused) {
        return range(fused).isPresent();
    }

    /** The range that an activation leaves. */
    private static Optional<String> range(Fused fused) {
        return switch (fused.activation()) {
            case "none" -> Optional.of("None, None");
            case "relu" -> Optional.of("0., None");
            case "hardtanh" ->
                Optional.of(fused.numbers().get(0) + ", " + fused.numbers().get(1));
            default -> Optional.empty();
        };
    }

    /**
     * The expression that makes a layer's context.
     *
     * @param weight the weight's name
     * @param bias the bias' name, or {@code None}
     */
    static String pack(Op.Conv2d op, Fused fused, String weight, String bias) {
        return "ops.prepacked.conv2d_clamp_prepack(" + weight + ", " + bias + ", " + op.stride() + ", " + op.padding()
                + ", " + op.dilation() + ", " + op.groups() + ", "
                + range(fused).orElseThrow() + ")";
    }

    /**
     * The call.
     *
     * @param x the name of the input, channels last
     * @param context the name of what {@link #pack} gave
     */
    static String run(String x, String context) {
        return "ops.prepacked.conv2d_clamp_run(" + x + ", " + context + ")";
    }
}
