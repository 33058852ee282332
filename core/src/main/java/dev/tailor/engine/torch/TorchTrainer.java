package dev.tailor.engine.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import dev.tailor.TailorException;
import dev.tailor.engine.Arguments;
import dev.tailor.engine.Engine.TrainingSettings;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.program.WeightSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The training variant in native memory: float weights, their gradients and the optimizer's moments. */
final class TorchTrainer implements TrainableNetwork {
    private final TracedModel model;
    private final TrainingSettings settings;
    private final TorchModule module;
    private final List<String> trainable;
    private final NDList weights;
    private boolean accumulated;
    private int updates;

    TorchTrainer(TracedModel model, TrainingSettings settings) {
        this.model = model;
        this.settings = settings;
        this.trainable = trainable(model.program(), settings);
        String device = TorchEngine.literal(settings.base().device());
        TorchModuleText text = new TrainingText(model.program(), device)
                .write(BoundWeights.conversions(model, Types.FLOAT32), trainable);
        module = TorchModule.load(
                "the training of " + name(),
                text,
                settings.base().device(),
                settings.base().threads(),
                true);
        weights = adopt(module, model);
        Set<String> moving = new HashSet<>(trainable);
        int i = 0;
        for (String key : model.program().weights().keySet()) {
            weights.get(i++).setRequiresGradient(moving.contains(key));
        }
        JniUtils.setSeed(settings.seed());
    }

    /**
     * Copies the stored weights into float tensors of their own and gives them to the module, whose owner keeps them. Closes
     * the module if that fails.
     */
    static NDList adopt(TorchModule module, TracedModel model) {
        if (model.program().weights().isEmpty()) {
            return new NDList();
        }
        boolean adopted = false;
        try (NDManager mapped = module.newManager()) {
            NDList raw = new NDList(BoundWeights.of(model, mapped));
            raw.forEach(a -> a.setName("w[]"));
            NDList copies = module.train("convert", false, raw);
            copies.attach(module.owner());
            copies.forEach(a -> a.setName("w[]"));
            // The arrays that come back are the same tensors again; those at hand are enough.
            module.train("adopt", false, copies).close();
            adopted = true;
            return copies;
        } finally {
            if (!adopted) {
                module.close();
            }
        }
    }

    private static List<String> trainable(Program program, TrainingSettings settings) {
        Set<String> reached = new HashSet<>();
        program.functions().stream()
                .filter(f -> f.outputs().containsKey("logits"))
                .forEach(f -> reached.addAll(TrainingText.reached(f)));
        List<String> keys = program.weights().values().stream()
                .filter(s -> s.role() == WeightSpec.Role.PARAMETER)
                .map(WeightSpec::key)
                .filter(reached::contains)
                .filter(settings.trainable())
                .toList();
        if (keys.isEmpty()) {
            throw new TailorException(settings.base().model() + ": nothing to train, every parameter is frozen");
        }
        return keys;
    }

    private String name() {
        return settings.base().model();
    }

    @Override
    public NDManager newManager() {
        return module.newManager();
    }

    @Override
    public Program program() {
        return model.program();
    }

    @Override
    public List<String> trainable() {
        return trainable;
    }

    @Override
    public double accumulate(Map<String, NDArray> inputs, NDArray labels, Loss loss) {
        module.requireOpen();
        Program.Function function = Arguments.function(name(), program(), inputs);
        requireLogits(function);
        List<NDArray> arguments = new ArrayList<>(Arguments.ordered(function, inputs));
        requireLabels(labels, arguments.get(0));
        arguments.add(labels);
        arguments.replaceAll(a -> a.toDevice(settings.base().device(), false));
        try (NDManager manager = newManager()) {
            arguments.add(manager.create(new double[] {loss.smoothing(), loss.scale()}));
            double value = number(module.train(TrainingText.step(function), true, arguments), manager);
            accumulated = true;
            return value;
        }
    }

    private void requireLogits(Program.Function function) {
        if (!function.outputs().containsKey("logits")) {
            throw new IllegalArgumentException(name() + ": training needs the output \"logits\", "
                    + function.inputNames() + " give " + function.outputs().keySet());
        }
    }

    private void requireLabels(NDArray labels, NDArray input) {
        long batch = input.getShape().get(0);
        if (labels.getDataType() != DataType.INT64 || !labels.getShape().equals(new Shape(batch))) {
            throw new IllegalArgumentException(name() + ": the labels must be int64 of the shape (" + batch
                    + "), found " + labels.getDataType() + " " + labels.getShape());
        }
    }

    /** The one number that a method returned. */
    private static double number(NDList result, NDManager manager) {
        result.attach(manager);
        return result.singletonOrThrow().toType(DataType.FLOAT64, false).getDouble();
    }

    @Override
    public double update(AdamW update) {
        module.requireOpen();
        if (!accumulated) {
            throw new IllegalStateException(
                    "the training of " + name() + " has no gradients; call accumulate before update");
        }
        if (update.rates().length != trainable.size() || update.decays().length != trainable.size()) {
            throw new IllegalArgumentException(name() + " trains " + trainable.size() + " parameters, found "
                    + update.rates().length + " rates and " + update.decays().length + " decays");
        }
        updates++;
        double first = 1 - Math.pow(update.beta1(), updates);
        double root = Math.sqrt(1 - Math.pow(update.beta2(), updates));
        double[] table = new double[3 * trainable.size()];
        for (int i = 0; i < trainable.size(); i++) {
            table[3 * i] = 1 - update.rates()[i] * update.decays()[i];
            table[3 * i + 1] = update.rates()[i] / first;
            table[3 * i + 2] = root;
        }
        try (NDManager manager = newManager()) {
            NDArray rows = manager.create(table, new Shape(trainable.size(), 3));
            NDArray options =
                    manager.create(new double[] {update.beta1(), update.beta2(), update.epsilon(), update.maxNorm()});
            double norm = number(module.train("update", false, List.of(rows, options)), manager);
            accumulated = false;
            return norm;
        }
    }

    @Override
    public Map<String, NDArray> evaluate(Map<String, NDArray> inputs) {
        module.requireOpen();
        Program.Function function = Arguments.function(name(), program(), inputs);
        List<NDArray> arguments = Arguments.ordered(function, inputs);
        NDManager target = arguments.get(0).getManager();
        IValue[] values = TorchNetwork.values(arguments, settings.base().device());
        return TorchNetwork.named(function, module.infer(TrainingText.evaluate(function), target, values));
    }

    @Override
    public Map<String, float[]> weights() {
        module.requireOpen();
        Map<String, float[]> result = new LinkedHashMap<>();
        int i = 0;
        for (WeightSpec spec : model.program().weights().values()) {
            result.put(spec.key(), weights.get(i++).toFloatArray());
        }
        return result;
    }

    @Override
    public void restore(Map<String, float[]> values) {
        module.requireOpen();
        requireAll(values);
        boolean mode = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try {
            int i = 0;
            for (String key : model.program().weights().keySet()) {
                weights.get(i++).set(Objects.requireNonNull(values.get(key)));
            }
        } finally {
            JniUtils.setGradMode(mode);
        }
    }

    private void requireAll(Map<String, float[]> values) {
        Map<String, Long> expected = new LinkedHashMap<>();
        model.program().weights().forEach((key, spec) -> expected.put(key, spec.elements()));
        Map<String, Long> found = new LinkedHashMap<>();
        values.forEach((key, array) -> found.put(key, (long) array.length));
        if (!found.equals(expected)) {
            found.entrySet().removeAll(Set.copyOf(expected.entrySet()));
            throw new IllegalArgumentException(name() + ": the weights to put back must have the lengths " + expected
                    + ", found others: " + found);
        }
    }

    @Override
    public void close() {
        module.close();
    }
}
