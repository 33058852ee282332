package dev.tailor.transfer.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.engine.TrainableNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Epochs over a training source with a validation after each. For one thread.
 *
 * @param network what is trained
 * @param recipe how
 * @param epochs passes over the data
 * @param batchSize examples of one update
 * @param seed orders the examples
 */
public record Loop(TrainableNetwork network, Recipe recipe, int epochs, int batchSize, long seed) {

    /** Examples by index, as batches. */
    public interface Source {
        /** The number of examples. */
        int size();

        /** The examples at these indices. */
        Batch batch(int[] indices);
    }

    /** Updates of one pass; the last batch may be smaller. */
    public static int stepsPerEpoch(int examples, int batchSize) {
        return (examples + batchSize - 1) / batchSize;
    }

    /**
     * Runs.
     *
     * @param validation an empty source for none
     * @return one report for each epoch
     */
    public List<EpochReport> run(Source train, Source validation, TrainingListener listener) {
        int stepsPerEpoch = stepsPerEpoch(train.size(), batchSize);
        Trainer trainer = new Trainer(network, recipe, epochs * stepsPerEpoch);
        List<EpochReport> reports = new ArrayList<>();
        for (int epoch = 1; epoch <= epochs; epoch++) {
            double sum = 0;
            int step = 0;
            for (int[] indices : Batches.shuffled(train.size(), batchSize, seed + epoch)) {
                StepReport report = trainer.step(List.of(train.batch(indices)));
                sum += report.loss() * indices.length;
                listener.stepDone(epoch, ++step, stepsPerEpoch, report);
                if (Thread.currentThread().isInterrupted()) {
                    throw new TrainingInterruptedException(epoch, step);
                }
            }
            EpochReport report = validated(epoch, sum / train.size(), validation);
            reports.add(report);
            listener.epochDone(report);
        }
        return reports;
    }

    private EpochReport validated(int epoch, double trainLoss, Source validation) {
        if (validation.size() == 0) {
            return new EpochReport(epoch, epochs, trainLoss, Double.NaN, Double.NaN);
        }
        double loss = 0;
        int right = 0;
        for (int[] indices : Batches.inOrder(validation.size(), batchSize)) {
            Batch batch = validation.batch(indices);
            float[] logits = logits(batch);
            int classes = logits.length / indices.length;
            for (int i = 0; i < indices.length; i++) {
                int label = (int) batch.labels()[i];
                loss += crossEntropy(logits, i * classes, classes, label);
                right += best(logits, i * classes, classes) == label ? 1 : 0;
            }
        }
        int size = validation.size();
        return new EpochReport(epoch, epochs, trainLoss, loss / size, (double) right / size);
    }

    private float[] logits(Batch batch) {
        try (NDManager manager = network.newManager()) {
            NDArray logits = network.evaluate(batch.inputs().apply(manager)).get("logits");
            return Objects.requireNonNull(logits).toFloatArray();
        }
    }

    private static double crossEntropy(float[] logits, int from, int classes, int label) {
        OptionalDouble max = IntStream.range(from, from + classes)
                .mapToDouble(i -> logits[i])
                .max();
        double top = max.orElseThrow();
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            sum += Math.exp(logits[i] - top);
        }
        return Math.log(sum) - (logits[from + label] - top);
    }

    private static int best(float[] logits, int from, int classes) {
        int best = 0;
        for (int i = 1; i < classes; i++) {
            if (logits[from + i] > logits[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
