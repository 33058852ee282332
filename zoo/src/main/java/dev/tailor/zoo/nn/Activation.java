package dev.tailor.zoo.nn;

import dev.tailor.program.Op;
import dev.tailor.program.Op.Unary.Function;
import dev.tailor.program.Value;

/** Activations by the names that {@code config.json} uses ({@code ACT2FN} in transformers' {@code activations.py}). */
public final class Activation {
    private Activation() {}

    /**
     * Applies an activation.
     *
     * @throws IllegalArgumentException if the name is not known
     */
    public static Value apply(String name, Value x) {
        return switch (name) {
            case "relu" -> x.apply(Function.RELU);
            case "relu6" -> x.apply(Function.RELU6);
            case "gelu", "gelu_python" -> x.apply(Function.GELU);
            case "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_accurate" ->
                x.apply(Function.GELU_TANH);
            case "gelu_10" -> clamp(x.apply(Function.GELU), -10, 10);
            case "quick_gelu" -> x.mul(x.mul(1.702).apply(Function.SIGMOID));
            case "silu", "swish" -> x.apply(Function.SILU);
            case "tanh" -> x.apply(Function.TANH);
            case "sigmoid" -> x.apply(Function.SIGMOID);
            case "hardsigmoid", "hard_sigmoid" -> x.apply(Function.HARD_SIGMOID);
            case "hardswish", "hard_swish" -> x.apply(Function.HARD_SWISH);
            case "relu2" -> x.relu().mul(x.relu());
            case "leaky_relu" -> x.binary(Op.Binary.Function.MAXIMUM, x.mul(0.01));
            case "mish" -> x.mul(x.apply(Function.SOFTPLUS).tanh());
            case "laplace" ->
                x.add(-0.707107)
                        .div(0.282095 * Math.sqrt(2))
                        .apply(Function.ERF)
                        .add(1)
                        .mul(0.5);
            case "linear", "identity" -> x;
            default ->
                throw new IllegalArgumentException(
                        "the activation \"" + name + "\" is not known. Known are relu, relu6, gelu,"
                                + " gelu_new, gelu_pytorch_tanh, gelu_10, quick_gelu, silu, tanh, sigmoid, hardsigmoid, hardswish, relu2,"
                                + " leaky_relu, mish, laplace and linear.");
        };
    }

    private static Value clamp(Value x, double least, double most) {
        return x.scalar(Op.Binary.Function.MAXIMUM, least).scalar(Op.Binary.Function.MINIMUM, most);
    }
}
