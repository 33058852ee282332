package dev.tailor.examples.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** ONNX Runtime with all its optimizations and its usual memory arena, on inputs in native memory. */
final class OnnxContender implements Contender {
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    private final Set<String> output;

    private OnnxContender(OrtSession session, String output) {
        this.session = session;
        this.output = Set.of(output);
    }

    static OnnxContender of(Path model, Benchmarked network, BatchSize size, boolean masked, int threads)
            throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            OnnxContender made =
                    new OnnxContender(environment.createSession(model.toString(), options), network.output());
            if (network.readsText()) {
                long[] shape = {size.batch(), size.tokens()};
                made.inputs.put("input_ids", OnnxTensor.createTensor(environment, size.ids(), shape));
                if (masked) {
                    made.inputs.put("attention_mask", OnnxTensor.createTensor(environment, size.mask(), shape));
                }
            } else {
                long[] shape = {size.batch(), 3, BatchSize.SIDE, BatchSize.SIDE};
                made.inputs.put("pixel_values", OnnxTensor.createTensor(environment, size.pixels(), shape));
            }
            return made;
        }
    }

    @Override
    public String name() {
        return "ONNX Runtime";
    }

    @Override
    public void run() {
        try {
            session.run(inputs, output).close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public float[] result() {
        try (OrtSession.Result result = session.run(inputs, output)) {
            FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            return values;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
