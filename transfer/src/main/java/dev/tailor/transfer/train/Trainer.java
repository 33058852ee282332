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
    private final long seed;
    private final double[] decays;
    private double[] factors;
    private double reduction = 1;
    private int step;

    /**
     * Prepares a run.
     *
     * @param total steps of the whole run, which the schedule spans
     * @param seed what dropout draws from
     */
    public Trainer(TrainableNetwork network, Recipe recipe, int total, long seed) {
        this.network = network;
        this.recipe = recipe;
        this.total = total;
        this.seed = seed;
        Set<String> spared = undecayed(network.program());
        this.decays = network.trainable().stream()
                .mapToDouble(key -> spared.contains(key) ? 0 : recipe.weightDecay())
                .toArray();
        this.factors = factors(1);
    }

    /** The weights that decay would harm: biases, and the weights of norms, whose right size is not zero. */
    static Set<String> undecayed(Program program) {
        Set<String> keys = new HashSet<>();
        program.weights().keySet().stream().filter(k -> k.endsWith("bias")).forEach(keys::add);
        for (Program.Function function : program.functions()) {
            for (Value node : function.nodes()) {
                if (node.op() instanceof Op.LayerNorm
                        || node.op() instanceof Op.BatchNorm
                        || node.op() instanceof Op.GroupNorm) {
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
     * @throws TailorException if the loss or its gradient is no longer a number
     */
    public StepReport step(List<Batch> microBatches) {
        double rate = recipe.learningRate() * recipe.schedule().factor(step, recipe.warmup(), total) * reduction;
        double loss = loss(microBatches);
        if (!Double.isFinite(loss)) {
            throw new TailorException("Training diverged: the loss of step " + step + " is " + loss + " at a learning"
                    + " rate of " + rate + ". Try a smaller learning rate than " + recipe.learningRate()
                    + " or a longer warm-up.");
        }
        double[] rates = Arrays.stream(factors).map(f -> f * rate).toArray();
        double norm = network.update(new TrainableNetwork.Update(rates, decays, recipe.clip()));
        if (!Double.isFinite(norm)) {
            throw new TailorException("Training diverged: the gradient of step " + step + " is " + norm
                    + " while its loss is " + loss + ". Try a smaller learning rate than " + recipe.learningRate()
                    + " or a longer warm-up.");
        }
        return new StepReport(step++, total, loss, norm, rate);
    }

    /** Makes one update if the loss is a number, and returns the loss in any case. */
    double attempt(List<Batch> microBatches) {
        double loss = loss(microBatches);
        if (Double.isFinite(loss)) {
            double[] rates =
                    Arrays.stream(factors).map(f -> f * recipe.learningRate()).toArray();
            network.update(new TrainableNetwork.Update(rates, decays, recipe.clip()));
        }
        return loss;
    }

    /** Gathers the gradients of all micro-batches; returns their mean loss. */
    private double loss(List<Batch> microBatches) {
        double scale = 1.0 / microBatches.size();
        double loss = 0;
        for (int i = 0; i < microBatches.size(); i++) {
            try (NDManager manager = network.newManager()) {
                // Own seeds for each step, so that a run that goes on from a checkpoint draws what it would have drawn.
                long own = Seeds.mix(seed, (long) step * microBatches.size() + i);
                loss += network.accumulate(microBatches.get(i).inputs().apply(manager), scale, own);
            }
        }
        return loss;
    }

    /** Takes the rate factors of an epoch, counted from 1. */
    public void epoch(int epoch) {
        factors = factors(epoch);
    }

    private double[] factors(int epoch) {
        return network.trainable().stream()
                .mapToDouble(key -> recipe.rateFactors().of(key, epoch))
                .toArray();
    }

    /** Steps done so far. */
    int steps() {
        return step;
    }

    /** The factor of all rates. */
    double reduction() {
        return reduction;
    }

    /** Goes on from a checkpoint. */
    void goOn(int steps, double factor) {
        step = steps;
        reduction = factor;
    }

    /** Multiplies all rates from now on, as {@link Schedule#PLATEAU} does. */
    void reduce(double factor) {
        reduction *= factor;
    }
}
