package dev.tailor.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.tailor.engine.torch.OperatorCases;
import dev.tailor.program.TracedModel;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxExportTest {
    private static final float[] X = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

    @TempDir
    private Path folder;

    private void export(String name, Path file, long largestInline) {
        TracedModel model = OperatorCases.model(name, folder);
        OnnxExport.write(model, model.program().main(), name, file, largestInline);
    }

    private static float[] run(OrtSession session) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor x = OnnxTensor.createTensor(environment, FloatBuffer.wrap(X), new long[] {1, 3, 4});
                OrtSession.Result result = session.run(Map.of("x", x))) {
            FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            return values;
        }
    }

    private static float[] run(Path file) throws OrtException {
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            return run(session);
        }
    }

    @Test
    void inputs_and_outputs_keep_their_names_and_open_axes() throws OrtException {
        Path file = folder.resolve("model.onnx");
        export("linear", file, Long.MAX_VALUE);
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            NodeInfo input = session.getInputInfo().get("x");
            assertThat(((TensorInfo) input.getInfo()).getShape()).containsExactly(-1, 3, 4);
            assertThat(((TensorInfo) input.getInfo()).getDimensionNames()).containsExactly("batch", "", "");
            NodeInfo output = session.getOutputInfo().get("out");
            assertThat(((TensorInfo) output.getInfo()).getShape()).containsExactly(-1, 3, 5);
        }
    }

    @Test
    void weights_beside_the_model_are_the_same_weights() throws OrtException, IOException {
        Path inline = folder.resolve("inline.onnx");
        Path beside = folder.resolve("beside.onnx");
        export("layer_norm", inline, Long.MAX_VALUE);
        export("layer_norm", beside, 0);
        assertThat(folder.resolve("inline.onnx.data")).doesNotExist();
        // The second weight begins on a page of its own.
        assertThat(Files.size(folder.resolve("beside.onnx.data"))).isEqualTo(4096 + 4 * 4);
        assertThat(run(beside)).isEqualTo(run(inline));
    }

    @Test
    void an_export_replaces_an_older_one_and_leaves_nothing_else() throws OrtException, IOException {
        Path file = folder.resolve("model.onnx");
        export("linear", file, 0);
        float[] first = run(file);
        export("linear_without_bias", file, 0);
        assertThat(run(file)).hasSameSizeAs(first).isNotEqualTo(first);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("model.safetensors", "model.onnx", "model.onnx.data");
        }
    }

    @Test
    void a_place_that_cannot_be_written_is_told() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way").resolve("model.onnx");
        assertThatThrownBy(() -> export("linear", file, Long.MAX_VALUE))
                .isInstanceOf(OnnxExportException.class)
                .hasMessageContaining("linear")
                .hasMessageContaining("model.onnx");
    }
}
