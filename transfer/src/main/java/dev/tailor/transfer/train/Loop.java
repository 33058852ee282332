package dev.tailor.transfer.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.program.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Epochs over a training source with a validation after each. Used once, by one thread. */
public final class Loop {
    /** Epochs without progress after which {@link Schedule#PLATEAU} lowers the rate, and by what. */
    private static final int PLATEAU_PATIENCE = 2;

    private static final double PLATEAU_FACTOR = 0.1;

    /** Examples by index, as batches. */
    public interface Source {
        /** The number of examples. */
        int size();

        /**
         * The examples at these indices, ready but for their arrays.
         *
         * @param seed what random changes of examples draw from
         */
        Batch batch(int[] indices, long seed);

        /** The class of an example, without loading it; -1 where the task has no classes. */
        default int label(int index) {
            return -1;
        }
    }

    /** Counts what is right over one pass. */
    public interface Score {
        /** Takes the outputs for a batch. */
        void add(Map<String, NDArray> outputs, Batch batch);

        /** The number's name, as the task's {@code Evaluation.metrics()} spell it; empty where the loss alone is known. */
        default String name() {
            return "score";
        }

        /** The task's main number over all batches, larger is better. */
        double value();
    }

    private final TrainableNetwork network;
    private final Recipe recipe;
    private final Passes passes;
    private final Supplier<Score> scores;
    private final Checkpoints checkpoints;
    private final TrainingListener listener;

    /**
     * Prepares a run.
     *
     * @param network what is trained
     * @param recipe how weights change
     * @param passes how often and in which portions the data are seen
     * @param scores makes the counter of a validation
     * @param checkpoints where the state is kept, so that a killed run can go on
     */
    public Loop(
            TrainableNetwork network,
            Recipe recipe,
            Passes passes,
            Supplier<Score> scores,
            Checkpoints checkpoints,
            TrainingListener listener) {
        this.network = network;
        this.recipe = recipe;
        this.passes = passes;
        this.scores = scores;
        this.checkpoints = checkpoints;
        this.listener = listener;
    }

    /**
     * Runs, or goes on from the last checkpoint.
     *
     * @param validation an empty source for none
     * @return one report for each epoch
     */
    public List<EpochReport> run(Source train, Source validation) {
        int stepsPerEpoch = passes.stepsPerEpoch(train.size());
        Trainer trainer = new Trainer(network, recipe, passes.epochs() * stepsPerEpoch, passes.seed());
        State state = checkpoints.load(network).orElseGet(State::new);
        trainer.goOn(state.steps, state.reduction);
        while (state.reports.size() < passes.epochs() && !stopped(state)) {
            int epoch = state.reports.size() + 1;
            epoch(train, trainer, state, epoch, stepsPerEpoch);
            EpochReport report = validated(epoch, state.lossSum / state.seen, validation);
            state.reports.add(report);
            state.nextEpoch();
            judge(report, state, trainer);
            listener.epochDone(report);
            checkpoints.epochDone(network, state);
        }
        if (state.best != null && passes.patience() > 0) {
            network.restore(state.best);
        }
        return List.copyOf(state.reports);
    }

    private void epoch(Source train, Trainer trainer, State state, int epoch, int stepsPerEpoch) {
        trainer.epoch(epoch);
        List<int[]> portions = order(train, epoch);
        // The next examples are read while the network learns from these.
        CompletableFuture<List<Batch>> next = load(train, portions, state.stepInEpoch, epoch);
        for (int step = state.stepInEpoch; step < portions.size(); step++) {
            List<Batch> batches = joined(next);
            next = load(train, portions, step + 1, epoch);
            StepReport report = trainer.step(batches);
            int count = portions.get(step).length;
            state.advance(trainer, report.loss() * count, count);
            listener.stepDone(epoch, step + 1, stepsPerEpoch, report);
            if (Thread.currentThread().isInterrupted()) {
                throw new TrainingInterruptedException(epoch, step + 1);
            }
            checkpoints.stepDone(network, state);
        }
    }

    private List<int[]> order(Source train, int epoch) {
        long seed = passes.seed() + epoch;
        int portion = passes.batchSize() * passes.accumulate();
        if (!passes.balanced()) {
            return Batches.shuffled(train.size(), portion, seed);
        }
        int[] labels = new int[train.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = train.label(i);
        }
        return Batches.balanced(labels, portion, seed);
    }

    private CompletableFuture<List<Batch>> load(Source train, List<int[]> portions, int step, int epoch) {
        if (step >= portions.size()) {
            return CompletableFuture.completedFuture(List.of());
        }
        long seed = Seeds.mix(passes.seed() + epoch, step);
        return CompletableFuture.supplyAsync(() -> {
            List<Batch> batches = new ArrayList<>();
            for (int[] indices : Batches.cut(portions.get(step), passes.batchSize())) {
                batches.add(train.batch(indices, Seeds.mix(seed, batches.size())));
            }
            return batches;
        });
    }

    private static List<Batch> joined(CompletableFuture<List<Batch>> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                // The reader's own stack says where; this thread's says when.
                cause.addSuppressed(e);
                throw cause;
            }
            throw e;
        }
    }

    private boolean stopped(State state) {
        return passes.patience() > 0 && state.waited >= passes.patience();
    }

    private void judge(EpochReport report, State state, Trainer trainer) {
        double loss = report.validated() ? report.validationLoss() : report.trainLoss();
        if (loss < state.bestLoss) {
            state.bestLoss = loss;
            state.waited = 0;
            state.waitedForRate = 0;
            if (passes.patience() > 0) {
                state.best = network.weights();
            }
        } else {
            state.waited++;
            state.waitedForRate++;
        }
        if (recipe.schedule() == Schedule.PLATEAU && state.waitedForRate >= PLATEAU_PATIENCE) {
            trainer.reduce(PLATEAU_FACTOR);
            state.reduction = trainer.reduction();
            state.waitedForRate = 0;
        }
    }

    private EpochReport validated(int epoch, double trainLoss, Source validation) {
        Score score = scores.get();
        if (validation.size() == 0) {
            return new EpochReport(epoch, passes.epochs(), trainLoss, Double.NaN, score.name(), Double.NaN);
        }
        double loss = 0;
        for (int[] indices : Batches.inOrder(validation.size(), passes.batchSize())) {
            Batch batch = validation.batch(indices, 0);
            try (NDManager manager = network.newManager()) {
                Map<String, NDArray> outputs = network.evaluate(batch.inputs().apply(manager));
                loss += Objects.requireNonNull(outputs.get(Objective.LOSS)).getFloat() * indices.length;
                score.add(outputs, batch);
            }
        }
        return new EpochReport(
                epoch, passes.epochs(), trainLoss, loss / validation.size(), score.name(), score.value());
    }

    /** Where a run stands. */
    static final class State {
        final List<EpochReport> reports = new ArrayList<>();
        int steps;
        int stepInEpoch;
        double lossSum;
        long seen;
        double reduction = 1;
        double bestLoss = Double.POSITIVE_INFINITY;
        int waited;
        int waitedForRate;

        @Nullable
        Map<String, float[]> best;

        private void advance(Trainer trainer, double loss, int examples) {
            steps = trainer.steps();
            stepInEpoch++;
            lossSum += loss;
            seen += examples;
        }

        private void nextEpoch() {
            stepInEpoch = 0;
            lossSum = 0;
            seen = 0;
        }
    }
}
