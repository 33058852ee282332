package dev.tailor.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.onnxruntime.OrtException;
import dev.tailor.Pretrained;
import dev.tailor.Registry;
import dev.tailor.engine.Network;
import dev.tailor.engine.onnx.OnnxExport;
import dev.tailor.program.Head;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.zoo.testing.Golden;
import dev.tailor.zoo.testing.OnnxModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks written as ONNX give in ONNX Runtime what they give here, and what the reference library gave. */
class OnnxExportTest {

    static Stream<Golden> recorded() {
        return GoldenModelsTest.recorded();
    }

    /** A head of each family; other heads are among the recorded models. */
    static Stream<ArchitecturesTest.Variant> variants() {
        Map<String, ArchitecturesTest.Variant> one = new LinkedHashMap<>();
        ArchitecturesTest.variants()
                .filter(v -> v.head() != Head.BASE)
                .forEach(v -> one.putIfAbsent(v.architecture().modelType(), v));
        return one.values().stream();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void outputs_are_those_of_the_reference(Golden golden, @TempDir Path folder) throws OrtException {
        Path file = folder.resolve("model.onnx");
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Map<String, NDArray> inputs = golden.inputs(manager);
            Pretrained.from(golden.folder()).exportOnnx(file, inputs.keySet());
            try (OnnxModel model = OnnxModel.of(file)) {
                golden.check(model.run(inputs, manager));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void every_network_computes_the_same_at_every_size(ArchitecturesTest.Variant variant, @TempDir Path folder)
            throws OrtException {
        TracedModel model = variant.trace();
        List<Program.Function> functions = functions(model.program());
        try (Network network = Registry.engine("").inference(model, ArchitecturesTest.settings(variant))) {
            for (Program.Function function : functions) {
                Path file = folder.resolve(function.name() + ".onnx");
                OnnxExport.write(model, function, variant.toString(), file);
                try (OnnxModel exported = OnnxModel.of(file)) {
                    compare(variant, function, network, exported, 0);
                    compare(variant, function, network, exported, 3);
                }
            }
        }
    }

    /** The functions with the most and with the fewest inputs, and stages of their own. */
    private static List<Program.Function> functions(Program program) {
        List<String> all = program.main().inputNames();
        return program.functions().stream()
                .filter(f -> f.inputNames().equals(all)
                        || f.inputNames().equals(all.subList(0, 1))
                        || !f.inputNames().get(0).equals(all.get(0)))
                .toList();
    }

    private static void compare(
            ArchitecturesTest.Variant variant,
            Program.Function function,
            Network network,
            OnnxModel exported,
            int larger)
            throws OrtException {
        try (NDManager manager = network.newManager()) {
            Map<String, NDArray> inputs = ArchitecturesTest.inputs(variant, function, manager, larger);
            inputs.computeIfPresent("proposals", (name, noise) -> boxes(noise));
            Map<String, NDArray> found = exported.run(inputs, manager);
            Map<String, NDArray> expected = network.forward(inputs);
            assertThat(found.keySet()).isEqualTo(expected.keySet());
            expected.forEach((name, array) -> {
                NDArray other = found.get(name);
                assertThat(other.getShape()).as(name).isEqualTo(array.getShape());
                float scale = Math.max(1e-3f, array.abs().max().getFloat());
                assertThat(other.sub(array).abs().max().getFloat() / scale)
                        .as(name)
                        .isLessThan(1e-4f);
            });
        }
    }

    /** Noise as left, top, right and bottom. */
    private static NDArray boxes(NDArray noise) {
        NDArray corners = noise.get(":, :2").abs().mul(5);
        return corners.concat(noise.get(":, 2:").abs().mul(9).add(corners).add(1), 1);
    }

    @Test
    void inputs_that_a_network_does_not_take_are_refused(@TempDir Path folder) {
        Pretrained model = Pretrained.from(Path.of("src/test/resources/golden/hf/bert-model"));
        Path file = folder.resolve("model.onnx");
        assertThatThrownBy(() -> model.exportOnnx(file, Set.of("input_ids", "pixel_values")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[input_ids, pixel_values]")
                .hasMessageContaining("[input_ids, attention_mask, token_type_ids]");
        assertThat(file).doesNotExist();
    }
}
