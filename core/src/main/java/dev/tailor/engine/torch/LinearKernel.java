package dev.tailor.engine.torch;

import dev.tailor.program.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One way in which oneDNN computes linear layers whose weights are known at load. */
sealed interface LinearKernel permits FloatLinear, QuantizedLinear {

    /** Whether a layer is for this kernel. */
    boolean takes(Value linear);

    /** Whether the kernel can apply an activation to its results, by oneDNN's name. */
    boolean fuses(String activation);

    /**
     * What {@code bind} makes of a weight.
     *
     * @param weight the weight's name, 32-bit or 16-bit floats
     * @param rows how many outputs the layer has
     * @return the names of the tensors that {@link #call} takes
     */
    List<String> pack(String weight, long rows, Maker bind);

    /** What stands for the layer's input in {@link #call}; made once for all layers that read it. */
    String input(String x, UnaryOperator<String> local);

    /**
     * The kernel's call.
     *
     * @param input what {@link #input} gave
     * @param packed the names of what {@link #pack} gave
     * @param bias the name of the bias, or {@code None}
     * @param fused what follows the layer
     * @param added the name of what is added to the result, where something is
     */
    String call(String input, List<String> packed, String bias, Fused fused, Optional<String> added);

    /** Gives names to expressions. */
    @FunctionalInterface
    interface Maker {
        /**
         * The name of an expression that takes memory of its own.
         *
         * @param template a {@code %s} for each operand
         */
        String own(String template, String... operands);
    }

    /**
     * What the kernel does to its results.
     *
     * @param activation a function, as oneDNN names it, or {@code none}
     * @param numbers the numbers that it takes
     * @param algorithm the variant of that, or nothing
     */
    record Fused(String activation, List<Double> numbers, String algorithm) {
        static final Fused NOTHING = new Fused("none", "");

        Fused(String activation, String algorithm) {
            this(activation, List.of(), algorithm);
        }

        @Override
        public String toString() {
            String scalars = numbers.isEmpty() ? "[]" : "annotate(List[Optional[number]], " + numbers + ")";
            return "\"" + activation + "\", " + scalars + ", \"" + algorithm + "\"";
        }
    }
}
