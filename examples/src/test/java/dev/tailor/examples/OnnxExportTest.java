package dev.tailor.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tailor.Pretrained;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.DType;
import dev.tailor.checkpoint.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family's recorded model, written as ONNX, gives in ONNX Runtime what the reference library gave. */
class OnnxExportTest {
    private static final Path RECORDED = Path.of("../zoo/src/test/resources/golden");
    private static final double ABSOLUTE = 1e-4;
    private static final double RELATIVE = 1e-3;

    static Stream<Path> recorded() throws IOException {
        Stream<Path> all = Stream.empty();
        for (String group : List.of("hf", "hf-v4", "own")) {
            try (Stream<Path> folders = Files.list(RECORDED.resolve(group))) {
                all = Stream.concat(all, folders.filter(Files::isDirectory).sorted().toList().stream());
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void outputs_are_those_of_the_reference(Path folder, @TempDir Path temporary) throws OrtException {
        Checkpoint golden = Checkpoint.open(folder.resolve("golden.safetensors"));
        Path file = temporary.resolve("model.onnx");
        Map<String, OnnxTensor> inputs = inputs(golden);
        Pretrained.from(folder).exportOnnx(file, inputs.keySet());
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
                    OrtSession.Result outputs = session.run(inputs)) {
                check(golden, outputs);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static Map<String, OnnxTensor> inputs(Checkpoint golden) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        for (String name : golden.names()) {
            if (name.startsWith("in.")) {
                TensorInfo info = golden.info(name).orElseThrow();
                long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
                ByteBuffer bytes =
                        ByteBuffer.allocateDirect((int) info.byteSize()).order(ByteOrder.nativeOrder());
                bytes.put(golden.bytes(name)).flip();
                OrtEnvironment environment = OrtEnvironment.getEnvironment();
                OnnxTensor tensor = info.dtype() == DType.I64
                        ? OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape)
                        : OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape);
                inputs.put(name.substring(3), tensor);
            }
        }
        return inputs;
    }

    private static void check(Checkpoint golden, OrtSession.Result outputs) {
        int checked = 0;
        for (String name : golden.names()) {
            if (name.startsWith("out.") && !name.equals("out.generated_ids")) {
                OnnxTensor output = (OnnxTensor) outputs.get(name.substring(4)).orElseThrow();
                assertThat(output.getInfo().getShape())
                        .as(name)
                        .containsExactly(golden.info(name).orElseThrow().shape().stream()
                                .mapToLong(Long::longValue)
                                .toArray());
                FloatBuffer found = output.getFloatBuffer();
                float[] expected = golden.floats(name);
                for (int i = 0; i < expected.length; i++) {
                    if (!(Math.abs(found.get(i) - expected[i]) <= ABSOLUTE + RELATIVE * Math.abs(expected[i]))) {
                        throw new AssertionError(
                                name + "[" + i + "]: expected " + expected[i] + ", found " + found.get(i));
                    }
                }
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }
}
