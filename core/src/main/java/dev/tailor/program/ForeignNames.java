package dev.tailor.program;

import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.CheckpointView;
import dev.tailor.checkpoint.TensorSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checkpoints of other libraries as PyTorch would write them: Keras' leaf names, and its layouts, which keep the outputs last.
 */
final class ForeignNames {
    /** Such as {@code conv1/kernel:0}. */
    private static final Pattern KERAS =
            Pattern.compile("(.+)/(kernel|depthwise_kernel|bias|gamma|beta|moving_mean|moving_variance)(?::0)?");

    private static final Map<String, String> LEAVES = Map.of(
            "kernel", "weight",
            "depthwise_kernel", "weight",
            "bias", "bias",
            "gamma", "weight",
            "beta", "bias",
            "moving_mean", "running_mean",
            "moving_variance", "running_var");

    private ForeignNames() {}

    /** The checkpoint under PyTorch's leaf names and, where it has {@code mark} among them, the family's own names. */
    static Checkpoint of(Checkpoint checkpoint, String mark, UnaryOperator<String> own) {
        boolean keras = !checkpoint.names().isEmpty()
                && checkpoint.names().stream().allMatch(n -> KERAS.matcher(n).matches());
        if (!keras) {
            return checkpoint.names().contains(mark) ? CheckpointView.renamed(checkpoint, own) : checkpoint;
        }
        Map<String, TensorSource> leaves = new LinkedHashMap<>();
        for (String name : checkpoint.names()) {
            Matcher parts = KERAS.matcher(name);
            if (parts.matches()) {
                String plain = parts.group(1).replace('/', '.') + "." + LEAVES.get(parts.group(2));
                leaves.put(own.apply(plain), source(checkpoint, name, parts.group(2)));
            }
        }
        return CheckpointView.of(checkpoint, leaves);
    }

    private static TensorSource source(Checkpoint checkpoint, String name, String leaf) {
        TensorSource source = TensorSource.of(name);
        int rank = checkpoint.info(name).map(i -> i.shape().size()).orElse(0);
        if (leaf.equals("kernel") && rank == 2) {
            return source.permuted(1, 0);
        } else if (leaf.equals("kernel") && rank == 4) {
            return source.permuted(3, 2, 0, 1);
        } else if (leaf.equals("depthwise_kernel") && rank == 4) {
            List<Long> shape = checkpoint.info(name).orElseThrow().shape();
            // One kernel for each input and multiple, in this order.
            return source.permuted(2, 3, 0, 1).reshaped(shape.get(2) * shape.get(3), 1, shape.get(0), shape.get(1));
        }
        return source;
    }
}
