package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tailor.Precision;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.checkpoint.TensorData;
import dev.tailor.engine.Engine;
import dev.tailor.engine.Network;
import dev.tailor.engine.Optimizer;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Small networks made by hand, on weights and inputs that are waves: {@code sin(0.7 i + phase)}. */
public final class Nets {
    private static final ModelConfig CONFIG = ModelConfig.parse("{\"model_type\": \"tiny\"}", "tiny config");

    private Nets() {}

    static TracedModel.Request request(Checkpoint checkpoint, Function<Scope, Map<String, Value>> network) {
        Architecture architecture =
                Architecture.of("tiny", "Tiny", config -> config, (scope, config, head) -> network.apply(scope));
        return TracedModel.of(architecture, CONFIG, Head.BASE, checkpoint, "the tiny model");
    }

    /** Traces twice: to learn the weights, and then on a file that holds them. */
    static TracedModel onWaves(Path folder, Function<Scope, Map<String, Value>> network) {
        Program program =
                request(Checkpoint.empty(), network).renewAll().trace().program();
        if (program.weights().isEmpty()) {
            return request(Checkpoint.empty(), network).trace();
        }
        List<TensorData> tensors = new ArrayList<>();
        program.weights().forEach((key, spec) -> {
            float[] values = wave((int) spec.elements(), 10 + tensors.size());
            for (int i = 0; i < values.length && key.endsWith("running_var"); i++) {
                values[i] = Math.abs(values[i]) + 0.5f;
            }
            tensors.add(TensorData.of(key, spec.shape(), values));
        });
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, tensors, Map.of());
        return request(Safetensors.read(file), network).trace();
    }

    static Engine.Settings settings(Precision precision, int threads) {
        return new Engine.Settings("the tiny model", Device.cpu(), precision, threads);
    }

    static Network network(TracedModel model) {
        return new TorchEngine().inference(model, settings(Precision.FLOAT32, 0));
    }

    static TrainableNetwork training(TracedModel model, Predicate<String> trainable, Optimizer optimizer) {
        return new TorchEngine()
                .training(model, new Engine.TrainingSettings(settings(Precision.FLOAT32, 0), trainable, optimizer));
    }

    static float[] wave(int count, double phase) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) Math.sin(0.7 * i + phase);
        }
        return values;
    }

    static NDArray floats(NDManager manager, double phase, long... shape) {
        return manager.create(wave((int) new Shape(shape).size(), phase), new Shape(shape));
    }

    static NDArray ids(NDManager manager, long... shape) {
        long[] values = new long[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 3L % 5;
        }
        return manager.create(values, new Shape(shape));
    }

    /** Arrays for every input of a function; named axes get the given lengths. */
    public static Map<String, NDArray> inputs(NDManager manager, Program.Function function, Map<String, Long> axes) {
        Map<String, NDArray> result = new LinkedHashMap<>();
        for (Value input : function.inputs()) {
            String name = ((Op.Input) input.op()).name();
            long[] shape = input.shape().stream()
                    .mapToLong(s -> s instanceof Size.Axis a ? axes.get(a.name()) : s.constant())
                    .toArray();
            double phase = Map.of("x", 0.0, "y", 1.0, "z", 2.0, "mask", 0.5).getOrDefault(name, 3.0);
            result.put(
                    name,
                    switch (input.kind()) {
                        case FLOAT -> floats(manager, phase, shape);
                        case INTEGER -> ids(manager, shape);
                        case BOOLEAN -> ids(manager, shape).gt(0);
                    });
        }
        return result;
    }

    /** What a script recorded: lines of a name and numbers. */
    public static Map<String, float[]> recorded(String resource) {
        InputStream stream = Objects.requireNonNull(Nets.class.getResourceAsStream(resource), resource);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
            return reader.lines().map(line -> line.split(" ")).collect(Collectors.toMap(p -> p[0], p -> {
                float[] values = new float[p.length - 1];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.parseFloat(p[i + 1]);
                }
                return values;
            }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asserts equality within a part of each number, or of one where that is less. */
    public static void assertClose(float[] found, float[] expected, float tolerance) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            float bound = tolerance * Math.max(1, Math.abs(expected[i]));
            assertThat(found[i]).as("element %d", i).isCloseTo(expected[i], within(bound));
        }
    }

    static float[] numbers(NDArray array) {
        return array.toType(DataType.FLOAT32, false).toFloatArray();
    }
}
