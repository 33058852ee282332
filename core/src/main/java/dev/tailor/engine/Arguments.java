package dev.tailor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Checks the arguments of a call against a program, so that a mistake is told in the model's terms. */
public final class Arguments {
    private Arguments() {}

    /**
     * Finds the function for a set of inputs and checks their shapes.
     *
     * @throws IllegalArgumentException if the names fit no function or a shape does not fit
     */
    public static Program.Function function(String model, Program program, Map<String, NDArray> inputs) {
        Program.Function function = program.functionFor(inputs.keySet())
                .orElseThrow(() -> new IllegalArgumentException(model + " takes "
                        + program.functions().stream()
                                .map(f -> f.inputNames().toString())
                                .collect(Collectors.joining(" or "))
                        + ", found " + inputs.keySet()));
        Map<String, Long> axes = new HashMap<>();
        for (Value input : function.inputs()) {
            NDArray array = array(inputs, input);
            checkKind(model, input, array.getDataType());
            check(model, function, input, array.getShape(), axes);
        }
        return function;
    }

    /** The arrays in the order of the function's inputs. */
    public static List<NDArray> ordered(Program.Function function, Map<String, NDArray> inputs) {
        List<NDArray> arrays = new ArrayList<>();
        function.inputs().forEach(v -> arrays.add(array(inputs, v)));
        return arrays;
    }

    private static NDArray array(Map<String, NDArray> inputs, Value input) {
        return Objects.requireNonNull(inputs.get(((Op.Input) input.op()).name()));
    }

    /** Fractions would be cut off without a word. */
    private static void checkKind(String model, Value input, DataType found) {
        if (input.kind() == Kind.INTEGER && found.isFloating()) {
            throw new IllegalArgumentException(model + ": " + ((Op.Input) input.op()).name()
                    + " takes whole numbers, int64 for example; found " + found);
        }
    }

    private static void check(
            String model, Program.Function function, Value input, Shape shape, Map<String, Long> axes) {
        boolean fits = shape.dimension() == input.rank();
        for (int i = 0; fits && i < input.rank(); i++) {
            long found = shape.get(i);
            Size expected = input.size(i);
            if (expected instanceof Size.Axis axis) {
                Long limit = function.limits().get(axis.name());
                if (limit != null && found > limit) {
                    throw new IllegalArgumentException(model + ": the axis \"" + axis.name() + "\" of "
                            + ((Op.Input) input.op()).name() + " is " + found + " long, the model takes at most "
                            + limit);
                }
                fits = found > 0 && found == axes.computeIfAbsent(axis.name(), n -> found);
            } else {
                fits = found == expected.constant();
            }
        }
        if (!fits) {
            throw new IllegalArgumentException(model + ": " + ((Op.Input) input.op()).name() + " must have the shape "
                    + input.shape() + (axes.isEmpty() ? "" : " with " + axes) + ", found " + shape);
        }
    }
}
