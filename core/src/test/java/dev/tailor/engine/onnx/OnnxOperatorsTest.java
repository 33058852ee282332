package dev.tailor.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tailor.engine.torch.Nets;
import dev.tailor.engine.torch.OperatorCases;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation, written as ONNX, gives in ONNX Runtime what torch gives. */
class OnnxOperatorsTest {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

    static Set<String> names() {
        return OperatorCases.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void an_operation_gives_what_torch_gives(String name, @TempDir Path folder) throws OrtException {
        Map<String, float[]> recorded = Nets.recorded("operators.txt");
        TracedModel model = OperatorCases.model(name, folder);
        Program.Function function = model.program().main();
        Path file = folder.resolve("model.onnx");
        OnnxExport.write(model, function, name, file);
        Map<String, OnnxTensor> inputs = inputs(function);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(file.toString(), options);
                    OrtSession.Result results = session.run(inputs)) {
                OnnxTensor result = (OnnxTensor) results.get(0);
                long[] shape = result.getInfo().getShape();
                assertThat(shape).hasSameSizeAs(recorded.get(name + ".shape"));
                for (int i = 0; i < shape.length; i++) {
                    assertThat(shape[i]).isEqualTo((long) recorded.get(name + ".shape")[i]);
                }
                Nets.assertClose(numbers(result), recorded.get(name), 5e-6f);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private Map<String, OnnxTensor> inputs(Program.Function function) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            for (Map.Entry<String, NDArray> input :
                    Nets.inputs(manager, function, OperatorCases.AXES).entrySet()) {
                NDArray array = input.getValue();
                long[] shape = array.getShape().getShape();
                OnnxTensor tensor = array.getDataType().isFloating()
                        ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(array.toFloatArray()), shape)
                        : OnnxTensor.createTensor(environment, LongBuffer.wrap(array.toLongArray()), shape);
                inputs.put(input.getKey(), tensor);
            }
        }
        return inputs;
    }

    private static float[] numbers(OnnxTensor tensor) {
        return switch (tensor.getInfo().type) {
            case FLOAT -> {
                FloatBuffer buffer = tensor.getFloatBuffer();
                float[] values = new float[buffer.remaining()];
                buffer.get(values);
                yield values;
            }
            case INT64 -> {
                LongBuffer buffer = tensor.getLongBuffer();
                float[] values = new float[buffer.remaining()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = buffer.get();
                }
                yield values;
            }
            case BOOL -> {
                float[] values = new float[tensor.getByteBuffer().remaining()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = tensor.getByteBuffer().get(i);
                }
                yield values;
            }
            default -> throw new AssertionError(tensor.getInfo());
        };
    }
}
