package dev.tailor.transfer.train;

import ai.djl.ndarray.NDManager;
import dev.tailor.TailorException;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Value;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Updates a network step by step after a recipe. For one thread. */
public final class Trainer {
    private final TrainableNetwork network;
    private final Recipe recipe;
    private final int total;
    private final double[] decays;
    private int step;

    /**
     * Prepares a run.
     *
     * @param total steps of the whole run, which the schedule spans
     */
    public Trainer(TrainableNetwork network, Recipe recipe, int total) {
        this.network = network;
        this.recipe = recipe;
        this.total = total;
        Set<String> spared = undecayed(network.program());
        this.decays = network.trainable().stream()
                .mapToDouble(key -> spared.contains(key) ? 0 : recipe.weightDecay())
                .toArray();
    }

    /** The weights that decay would harm: biases, and the weights of norms, whose right size is not zero. */
    static Set<String> undecayed(Program program) {
        Set<String> keys = new HashSet<>();
        program.weights().keySet().stream().filter(k -> k.endsWith("bias")).forEach(keys::add);
        for (Program.Function function : program.functions()) {
            for (Value node : function.nodes()) {
                if (node.op() instanceof Op.LayerNorm || node.op() instanceof Op.BatchNorm) {
                    List<Value> operands = node.inputs();
                    operands.subList(1, operands.size()).forEach(v -> {
                        if (v.op() instanceof Op.Weight weight) {
                            keys.add(weight.key());
                        }
                    });
                }
            }
        }
        return keys;
    }

    /**
     * Makes one update from micro-batches whose gradients are averaged.
     *
     * @throws TailorException if the loss is no longer a number
     */
    public StepReport step(List<Batch> microBatches) {
        double factor = recipe.schedule().factor(step, recipe.warmup(), total);
        double rate = recipe.learningRate() * factor;
        TrainableNetwork.Loss loss = new TrainableNetwork.Loss(recipe.labelSmoothing(), 1.0 / microBatches.size());
        double sum = 0;
        for (Batch batch : microBatches) {
            try (NDManager manager = network.newManager()) {
                sum += network.accumulate(batch.inputs().apply(manager), manager.create(batch.labels()), loss);
            }
        }
        if (!Double.isFinite(sum)) {
            throw new TailorException("Training diverged: the loss of step " + step + " is " + sum
                    + ". Try a smaller learning rate than " + recipe.learningRate() + " or a longer warm-up.");
        }
        double[] rates = new double[decays.length];
        Arrays.fill(rates, rate);
        double norm = network.update(
                new TrainableNetwork.AdamW(rates, decays, Recipe.BETA1, Recipe.BETA2, Recipe.EPSILON, recipe.clip()));
        return new StepReport(step++, total, sum, norm, rate);
    }
}
