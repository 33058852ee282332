package dev.tailor.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tailor.Precision;
import dev.tailor.Pretrained;
import dev.tailor.PretrainedModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** This library in one precision, on arrays in native memory. */
final class TailorContender implements Contender {
    private final PretrainedModel model;
    private final Precision precision;
    private final String output;
    private final NDManager manager;
    private final Map<String, NDArray> inputs;

    private TailorContender(
            PretrainedModel model, Precision precision, String output, NDManager manager, Map<String, NDArray> inputs) {
        this.model = model;
        this.precision = precision;
        this.output = output;
        this.manager = manager;
        this.inputs = inputs;
    }

    static TailorContender of(
            Path folder, Precision precision, Benchmarked network, BatchSize size, boolean masked, int threads) {
        PretrainedModel model =
                Pretrained.from(folder).precision(precision).threads(threads).load();
        NDManager manager = model.newManager();
        return new TailorContender(model, precision, network.output(), manager, inputs(manager, network, size, masked));
    }

    static Map<String, NDArray> inputs(NDManager manager, Benchmarked network, BatchSize size, boolean masked) {
        Map<String, NDArray> inputs = new LinkedHashMap<>();
        if (network.readsText()) {
            Shape shape = new Shape(size.batch(), size.tokens());
            inputs.put("input_ids", manager.create(size.ids(), shape));
            if (masked) {
                inputs.put("attention_mask", manager.create(size.mask(), shape));
            }
        } else {
            Shape shape = new Shape(size.batch(), 3, BatchSize.SIDE, BatchSize.SIDE);
            inputs.put("pixel_values", manager.create(size.pixels(), shape));
        }
        return inputs;
    }

    @Override
    public String name() {
        return "Tailor " + precision;
    }

    @Override
    public void run() {
        model.forward(inputs).values().forEach(NDArray::close);
    }

    @Override
    public float[] result() {
        Map<String, NDArray> outputs = model.forward(inputs);
        float[] values = Objects.requireNonNull(outputs.get(output)).toFloatArray();
        outputs.values().forEach(NDArray::close);
        return values;
    }

    @Override
    public void close() {
        manager.close();
        model.close();
    }
}
