package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.engine.Network;
import dev.tailor.program.Op;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation gives what torch gives ({@code operators.py}), in the inference variant and in the DJL block. */
class OperatorsTest {

    static Set<String> names() {
        return OperatorCases.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void an_operation_gives_what_torch_gives(String name, @TempDir Path folder) {
        Map<String, float[]> recorded = Nets.recorded("operators.txt");
        float[] values = recorded.get(name);
        Shape shape = shape(recorded.get(name + ".shape"));
        TracedModel model = OperatorCases.model(name, folder);
        try (Network network = Nets.network(model);
                NDManager manager = network.newManager()) {
            Map<String, NDArray> inputs = Nets.inputs(manager, model.program().main(), OperatorCases.AXES);
            check(network.forward(inputs).get("out"), shape, values);
            NDList list = new NDList();
            inputs.forEach((input, array) -> {
                array.setName(input);
                list.add(array);
            });
            NDList results = network.block().forward(new ParameterStore(manager, false), list, false);
            check(results.singletonOrThrow(), shape, values);
        }
    }

    @Test
    void every_operation_is_covered() {
        Set<Class<?>> seen = new HashSet<>();
        Set<Enum<?>> functions = new HashSet<>();
        for (var network : OperatorCases.cases().values()) {
            TracedModel model = Nets.request(Checkpoint.empty(), s -> Map.of("out", network.apply(s)))
                    .renewAll()
                    .trace();
            for (Value node : model.program().main().nodes()) {
                seen.add(node.op().getClass());
                if (node.op() instanceof Op.Reduce reduce) {
                    functions.add(reduce.function());
                } else if (node.op() instanceof Op.Scalar scalar) {
                    functions.add(scalar.function());
                }
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(Op.class.getPermittedSubclasses());
        Set<Enum<?>> expected = new HashSet<>(EnumSet.allOf(Op.Reduce.Function.class));
        expected.addAll(EnumSet.complementOf(EnumSet.of(Function.AND, Function.OR)));
        assertThat(functions).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Shape shape(float[] lengths) {
        return new Shape(IntStream.range(0, lengths.length)
                .mapToLong(i -> (long) lengths[i])
                .toArray());
    }

    private static void check(NDArray found, Shape shape, float[] values) {
        assertThat(found.getShape()).isEqualTo(shape);
        Nets.assertClose(Nets.numbers(found), values, 2e-6f);
    }
}
