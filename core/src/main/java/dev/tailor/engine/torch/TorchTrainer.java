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
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The training variant in native memory: float weights, their gradients and the optimizer's moments. */
final class TorchTrainer implements TrainableNetwork {
    private static final Object GENERATOR = new Object();

    private final TracedModel model;
    private final TrainingSettings settings;
    private final TorchModule module;
    private final List<String> trainable;
    private final NDList weights;
    private final UpdateText rule;
    private boolean accumulated;
    private int updates;

    TorchTrainer(TracedModel model, TrainingSettings settings) {
        this.model = model;
        this.settings = settings;
        this.trainable = trainable(model.program(), settings);
        String device = TorchEngine.literal(settings.base().device());
        this.rule = new UpdateText(settings.optimizer());
        TorchModuleText text = new TrainingText(
                        model.program(), device, Types.of(settings.base().precision()))
                .write(BoundWeights.conversions(model, Types.FLOAT32), trainable, rule);
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
                .filter(TrainingText::hasLoss)
                .forEach(f -> reached.addAll(TrainingText.reached(f)));
        if (program.functions().stream().noneMatch(TrainingText::hasLoss)) {
            throw new IllegalArgumentException(settings.base().model() + ": no function gives a loss; a model needs"
                    + " withObjective(...) before it can be trained");
        }
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
    public double accumulate(Map<String, NDArray> inputs, double scale, long seed) {
        module.requireOpen();
        Program.Function function = Arguments.function(name(), program(), inputs);
        if (!TrainingText.hasLoss(function)) {
            throw new IllegalArgumentException(
                    name() + ": " + function.inputNames() + " give no loss; the targets are missing");
        }
        List<NDArray> arguments = new ArrayList<>(Arguments.ordered(function, inputs));
        arguments.replaceAll(a -> a.toDevice(settings.base().device(), false));
        try (NDManager manager = newManager()) {
            arguments.add(manager.create(new double[] {scale}));
            double value;
            // libtorch has one random generator for the process: a step draws alone, from its own seed.
            synchronized (GENERATOR) {
                JniUtils.setSeed(seed);
                value = number(module.train(TrainingText.step(function), true, arguments), manager);
            }
            accumulated = true;
            return value;
        }
    }

    /** The one number that a method returned. */
    private static double number(NDList result, NDManager manager) {
        result.attach(manager);
        return result.singletonOrThrow().toType(DataType.FLOAT64, false).getDouble();
    }

    @Override
    public double update(Update update) {
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
        if (Arrays.stream(update.rates()).allMatch(Double::isNaN)) {
            throw new IllegalArgumentException(name() + ": an update must change at least one parameter");
        }
        int columns = UpdateText.COLUMNS;
        double[] table = new double[columns * trainable.size()];
        for (int i = 0; i < trainable.size(); i++) {
            System.arraycopy(rule.row(update.rates()[i], update.decays()[i], updates), 0, table, columns * i, columns);
        }
        try (NDManager manager = newManager()) {
            NDArray rows = manager.create(table, new Shape(trainable.size(), columns));
            NDArray options = manager.create(new double[] {update.maxNorm()});
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
        requireAll(values, model.program().weights().keySet());
        List<float[]> all = new ArrayList<>();
        model.program().weights().keySet().forEach(key -> all.add(Objects.requireNonNull(values.get(key))));
        put("put_weights", all);
    }

    /**
     * Copies values into tensors of the module and forgets the gradients. DJL's own {@code set} would leave a tensor in memory
     * that the garbage collector frees.
     */
    private void put(String method, List<float[]> values) {
        accumulated = false;
        if (values.isEmpty()) {
            return;
        }
        try (NDManager manager = newManager()) {
            NDList list = new NDList();
            values.forEach(v -> list.add(manager.create(v)));
            list.forEach(a -> a.setName("w[]"));
            module.train(method, false, list).close();
        }
    }

    @Override
    public OptimizerState optimizerState() {
        module.requireOpen();
        Map<String, Map<String, float[]>> result = new LinkedHashMap<>();
        try (NDManager manager = newManager();
                NDList moments = moments(manager)) {
            int i = 0;
            for (String kind : rule.kinds()) {
                Map<String, float[]> values = new LinkedHashMap<>();
                for (String key : trainable) {
                    values.put(key, moments.get(i++).toFloatArray());
                }
                result.put(kind, values);
            }
        }
        return new OptimizerState(updates, result);
    }

    @Override
    public void restore(OptimizerState state) {
        module.requireOpen();
        if (!state.moments().keySet().equals(new LinkedHashSet<>(rule.kinds()))) {
            throw new IllegalArgumentException(name() + ": the optimizer remembers " + rule.kinds() + ", found "
                    + state.moments().keySet() + "; was the state saved with another optimizer?");
        }
        state.moments().values().forEach(m -> requireAll(m, trainable));
        List<float[]> all = new ArrayList<>();
        for (String kind : rule.kinds()) {
            Map<String, float[]> values = Objects.requireNonNull(state.moments().get(kind));
            trainable.forEach(key -> all.add(Objects.requireNonNull(values.get(key))));
        }
        put("put_moments", all);
        updates = state.updates();
    }

    /** The moments themselves, not copies. */
    private NDList moments(NDManager manager) {
        accumulated = false;
        return module.train("moments", false, List.of(manager.create(0f)));
    }

    private void requireAll(Map<String, float[]> values, Collection<String> keys) {
        Map<String, Long> expected = new LinkedHashMap<>();
        keys.forEach(key -> expected.put(key, program().weight(key).elements()));
        Map<String, Long> found = new LinkedHashMap<>();
        values.forEach((key, array) -> found.put(key, (long) array.length));
        if (!found.equals(expected)) {
            found.entrySet().removeAll(Set.copyOf(expected.entrySet()));
            throw new IllegalArgumentException(
                    name() + ": the values to put back must have the lengths " + expected + ", found others: " + found);
        }
    }

    @Override
    public void close() {
        module.close();
    }
}
