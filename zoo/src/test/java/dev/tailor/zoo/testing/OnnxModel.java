package dev.tailor.zoo.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** An ONNX model in ONNX Runtime, called with arrays as this library's networks are. */
public record OnnxModel(OrtSession session) implements AutoCloseable {

    /** Loads a file. */
    public static OnnxModel of(Path file) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            return new OnnxModel(OrtEnvironment.getEnvironment().createSession(file.toString(), options));
        }
    }

    /** Runs it; the results, all of them floats, belong to the manager. */
    public Map<String, NDArray> run(Map<String, NDArray> inputs, NDManager manager) throws OrtException {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, NDArray> input : inputs.entrySet()) {
                tensors.put(input.getKey(), tensor(input.getValue()));
            }
            Map<String, NDArray> outputs = new LinkedHashMap<>();
            try (OrtSession.Result results = session.run(tensors)) {
                for (Map.Entry<String, OnnxValue> result : results) {
                    OnnxTensor tensor = (OnnxTensor) result.getValue();
                    FloatBuffer buffer = tensor.getFloatBuffer();
                    float[] values = new float[buffer.remaining()];
                    buffer.get(values);
                    Shape shape = new Shape(tensor.getInfo().getShape());
                    outputs.put(result.getKey(), manager.create(values, shape));
                }
            }
            return outputs;
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(NDArray array) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] shape = array.getShape().getShape();
        return array.getDataType().isFloating()
                ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(array.toFloatArray()), shape)
                : OnnxTensor.createTensor(environment, LongBuffer.wrap(array.toLongArray()), shape);
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
