package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.tailor.Precision;
import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.DType;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.checkpoint.TensorData;
import dev.tailor.checkpoint.TensorInfo;
import dev.tailor.engine.Engine;
import dev.tailor.engine.EngineUnavailableException;
import dev.tailor.engine.Network;
import dev.tailor.engine.Optimizer;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.Losses;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The compiled network: types of stored weights, choice of the function, mistakes of the caller, and the end of its life. */
class InferenceTest {
    @TempDir
    private Path folder;

    private static Map<String, Value> words(Scope s) {
        Value ids = s.input("input_ids", Kind.INTEGER, "batch", "length");
        Value mask = s.optionalInput("attention_mask", Kind.INTEGER, "batch", "length");
        Value types = s.optionalInput("token_type_ids", Kind.INTEGER, "batch", "length");
        s.atMost("length", 8);
        Value x = s.embedding("words", ids, 5, 4);
        Value positions = s.sub("positions").weight("weight", Init.zeros(), 8, 4);
        x = x.add(positions.slice(0, Size.of(0), ids.size(1)));
        x = types == null ? x : x.add(s.embedding("types", types, 5, 4));
        x = mask == null ? x : x.mul(mask.cast(Kind.FLOAT).unsqueeze(2));
        return Map.of("states", s.linear("fc", x, 3));
    }

    private static Map<String, NDArray> only(Map<String, NDArray> inputs, String... names) {
        Map<String, NDArray> result = new LinkedHashMap<>(inputs);
        result.keySet().retainAll(List.of(names));
        return result;
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16", "BF16"})
    void weights_of_every_stored_type_run(DType type) {
        float[] values = {0.5f, -1.25f, 3, 2, -0.75f, 1};
        Checkpoint checkpoint = stored(type, values);
        TracedModel model = Nets.request(checkpoint, s -> {
                    Value x = s.input("x", Kind.FLOAT, "batch", 2);
                    return Map.of("y", s.linear("fc", x, 3, false).mul(s.weight("scale", Init.ones())));
                })
                .trace();
        // One is stored in the same type as a tensor without axes.
        float[] expected = new float[3];
        for (int i = 0; i < 3; i++) {
            expected[i] = 2 * values[2 * i] - 3 * values[2 * i + 1];
        }
        for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16, Precision.INT8)) {
            try (Network network = new TorchEngine().inference(model, Nets.settings(precision, 1));
                    NDManager manager = network.newManager()) {
                NDArray x = manager.create(new float[] {2, -3}, new Shape(1, 2));
                NDArray y = network.forward(Map.of("x", x)).get("y");
                assertThat(y.toFloatArray()).containsExactly(rounded(expected, precision));
            }
        }
        try (TrainableNetwork network = Nets.training(asLogits(checkpoint), key -> true, Optimizer.adamW())) {
            assertThat(network.weights().get("fc.weight")).containsExactly(values);
            assertThat(network.weights().get("scale")).containsExactly(1f);
        }
    }

    private TracedModel asLogits(Checkpoint checkpoint) {
        return Nets.request(checkpoint, s -> {
                    Value x = s.input("x", Kind.FLOAT, "batch", 2);
                    Value scale = s.weight("scale", Init.ones());
                    return Map.of("logits", s.linear("fc", x, 3, false).mul(scale));
                })
                .trace()
                .withObjective(Losses.crossEntropy());
    }

    private static float[] rounded(float[] values, Precision precision) {
        float[] result = values.clone();
        for (int i = 0; i < result.length && precision == Precision.BFLOAT16; i++) {
            int bits = Float.floatToIntBits(result[i]);
            // To the nearest bfloat16, ties to even.
            result[i] = Float.intBitsToFloat((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000);
        }
        return result;
    }

    private Checkpoint stored(DType type, float[] values) {
        Path file = folder.resolve("model.safetensors");
        TensorInfo matrix = TensorInfo.of("fc.weight", type, List.of(3L, 2L));
        TensorInfo scale = TensorInfo.of("scale", type, List.of());
        Safetensors.write(
                file,
                List.of(
                        new TensorData(matrix, () -> bytes(type, values)),
                        new TensorData(scale, () -> bytes(type, new float[] {1}))),
                Map.of());
        return Safetensors.read(file);
    }

    private static ByteBuffer bytes(DType type, float[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * type.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            int bits = Float.floatToIntBits(value);
            switch (type) {
                case F64 -> buffer.putDouble(value);
                case F32 -> buffer.putFloat(value);
                case F16 -> buffer.putShort((short) half(bits));
                case BF16 -> buffer.putShort((short) (bits >>> 16));
                case I64 -> buffer.putLong((long) value);
                case I32 -> buffer.putInt((int) value);
                case I16 -> buffer.putShort((short) value);
                case I8, U8, BOOL -> buffer.put((byte) (int) value);
            }
        }
        return buffer.flip();
    }

    /** For numbers that a half can hold. */
    private static int half(int bits) {
        int sign = bits >>> 16 & 0x8000;
        return (bits & 0x7FFFFFFF) == 0 ? sign : sign | ((bits >>> 23 & 0xFF) - 112) << 10 | bits >>> 13 & 0x3FF;
    }

    @Test
    void optional_inputs_choose_the_function() {
        TracedModel model = Nets.onWaves(folder, InferenceTest::words);
        assertThat(model.program().functions()).hasSize(4);
        try (Network network = Nets.network(model);
                NDManager manager = network.newManager()) {
            Map<String, NDArray> all = Nets.inputs(manager, model.program().main(), Map.of("batch", 2L, "length", 4L));
            float[] bare = states(network, only(all, "input_ids"));
            float[] masked = states(network, only(all, "input_ids", "attention_mask"));
            float[] typed = states(network, only(all, "token_type_ids", "input_ids"));
            float[] full = states(network, all);
            assertThat(List.of(masked, typed, full))
                    .allSatisfy(other -> assertThat(other).isNotEqualTo(bare));
            assertThat(full).isNotEqualTo(masked).isNotEqualTo(typed);

            all.put("attention_mask", manager.ones(new Shape(2, 4)).toType(DataType.INT64, false));
            assertThat(states(network, only(all, "input_ids", "attention_mask")))
                    .isEqualTo(bare);
            // 32-bit ids are taken as well.
            Map<String, NDArray> narrow =
                    Map.of("input_ids", all.get("input_ids").toType(DataType.INT32, false));
            assertThat(states(network, narrow)).isEqualTo(bare);
        }
    }

    private static float[] states(Network network, Map<String, NDArray> inputs) {
        return network.forward(inputs).get("states").toFloatArray();
    }

    @Test
    void wrong_arguments_are_named() {
        TracedModel model = Nets.onWaves(folder, InferenceTest::words);
        try (Network network = Nets.network(model);
                NDManager manager = network.newManager()) {
            NDArray ids = Nets.ids(manager, 2, 4);
            assertThatThrownBy(() -> network.forward(Map.of("ids", ids)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the tiny model")
                    .hasMessageContaining("input_ids, attention_mask, token_type_ids")
                    .hasMessageContaining("found [ids]");
            assertThatThrownBy(() -> network.forward(Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("found []");
            assertThatThrownBy(() -> network.forward(Map.of("input_ids", Nets.ids(manager, 4))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("input_ids must have the shape [batch, length]")
                    .hasMessageContaining("(4)");
            assertThatThrownBy(() -> network.forward(Map.of("input_ids", Nets.ids(manager, 1, 9))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"length\" of input_ids is 9")
                    .hasMessageContaining("at most 8");
            Map<String, NDArray> uneven = Map.of("input_ids", ids, "attention_mask", Nets.ids(manager, 2, 3));
            assertThatThrownBy(() -> network.forward(uneven))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("attention_mask")
                    .hasMessageContaining("length=4")
                    .hasMessageContaining("(2, 3)");
            assertThatThrownBy(() -> network.forward(Map.of("input_ids", Nets.ids(manager, 0, 4))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(0, 4)");
            assertThatThrownBy(() -> network.forward(Map.of("input_ids", ids.add(3))))
                    .isInstanceOf(TailorException.class)
                    .hasMessageContaining("the tiny model")
                    .hasMessageContaining("index out of range");
            // A failed call leaves the network as it was.
            assertThat(states(network, Map.of("input_ids", ids))).hasSize(24);
        }
    }

    @Test
    void use_after_close_names_the_model_and_results_stay() {
        TracedModel model = Nets.onWaves(folder, s -> {
            Value table = s.sub("table").weight("weight", Init.zeros(), 8, 4);
            Value x = s.input("x", Kind.FLOAT, "batch", 4);
            Map<String, Value> outputs = new LinkedHashMap<>();
            outputs.put("sum", x.add(table.select(0, 0)));
            outputs.put("weight", table);
            outputs.put("part", table.slice(0, Size.of(0), x.size(0)));
            outputs.put("same", x.reshape(2, x.size(0).times(2)));
            return outputs;
        });
        Network network = Nets.network(model);
        try (NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 0, 2, 4);
            Map<String, NDArray> outputs = network.forward(Map.of("x", x));
            var block = network.block();

            network.close();
            network.close();

            assertThat(outputs.get("weight").toFloatArray()).isEqualTo(Nets.wave(32, 10));
            assertThat(outputs.get("part").toFloatArray()).isEqualTo(Nets.wave(8, 10));
            float[] before = x.toFloatArray();
            x.subi(x);
            assertThat(outputs.get("same").toFloatArray()).isEqualTo(before);
            assertThatThrownBy(() -> network.forward(Map.of("x", x)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the tiny model has been closed");
            assertThatThrownBy(network::newManager).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(network::block)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the tiny model");
            assertThatThrownBy(() -> block.forward(new ParameterStore(manager, false), new NDList(x), false))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the tiny model");
        }
    }

    @Test
    void a_program_without_weights_runs() {
        TracedModel model = Nets.onWaves(
                folder, s -> Map.of("y", s.input("x", Kind.FLOAT, "batch", 2).relu()));
        try (Network network = Nets.network(model);
                NDManager manager = network.newManager()) {
            NDArray x = manager.create(new float[] {2, -3}, new Shape(1, 2));
            assertThat(network.forward(Map.of("x", x)).get("y").toFloatArray()).containsExactly(2, 0);
            assertThat(network.block().getParameters().size()).isZero();
        }
    }

    @Test
    void a_device_that_cannot_be_used_is_refused_with_the_reason() {
        TorchEngine engine = new TorchEngine();
        if (engine.defaultDevice().isGpu()) {
            assertThatThrownBy(() -> engine.require(Device.gpu(99))).hasMessageContaining("gpu(99)");
            return;
        }
        TracedModel model = Nets.onWaves(folder, InferenceTest::words);
        var settings = new Engine.Settings("the tiny model", Device.gpu(), Precision.FLOAT32, 0);
        assertThatThrownBy(() -> engine.inference(model, settings))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("gpu(0) was asked for")
                .hasMessageContaining("pytorch-native-cu128")
                .hasMessageContaining("Device.cpu()");
        assertThatThrownBy(() -> engine.require(Device.of("mps", 0)))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("mps");
    }
}
