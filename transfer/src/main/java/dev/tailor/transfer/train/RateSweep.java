package dev.tailor.transfer.train;

import dev.tailor.engine.TrainableNetwork;
import java.util.ArrayList;
import java.util.List;

/**
 * The learning-rate range test (Smith 2015, arXiv 1506.01186) as fastai's {@code lr_find} runs it: the rate grows exponentially
 * from step to step, the loss is smoothed as a bias-corrected moving mean, and the sweep ends when that exceeds four times its
 * smallest value.
 */
public final class RateSweep {
    private static final double SMOOTHING = 0.98;
    private static final double EXPLODED = 4;

    private RateSweep() {}

    /**
     * One step of the sweep.
     *
     * @param rate the learning rate
     * @param loss the smoothed loss, before the step
     */
    public record Point(double rate, double loss) {}

    /**
     * Sweeps over batches in random order; the network is not of use afterwards.
     *
     * @param passes batch size, accumulation and seed count
     * @return the course up to the explosion, at least one point
     */
    public static List<Point> run(
            TrainableNetwork network,
            Recipe recipe,
            Passes passes,
            Loop.Source train,
            double low,
            double high,
            int steps) {
        List<Point> points = new ArrayList<>();
        List<int[]> order = List.of();
        double mean = 0;
        double smallest = Double.POSITIVE_INFINITY;
        for (int step = 0; step < steps; step++) {
            int at = order.isEmpty() ? 0 : step % order.size();
            if (at == 0) {
                int portion = passes.batchSize() * passes.accumulate();
                order = Batches.shuffled(train.size(), portion, passes.seed() + step);
            }
            double rate = low * Math.pow(high / low, step / Math.max(1.0, steps - 1.0));
            List<Batch> batches = new ArrayList<>();
            for (int[] indices : Batches.cut(order.get(at), passes.batchSize())) {
                batches.add(train.batch(indices, Seeds.mix(passes.seed(), step)));
            }
            Trainer trainer = new Trainer(network, recipe.constant(rate), steps, Seeds.mix(passes.seed(), step));
            double loss = trainer.attempt(batches);
            mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
            double smoothed = mean / (1 - Math.pow(SMOOTHING, step + 1.0));
            if (!Double.isFinite(smoothed) || smoothed > EXPLODED * smallest) {
                break;
            }
            smallest = Math.min(smallest, smoothed);
            points.add(new Point(rate, smoothed));
        }
        return List.copyOf(points);
    }
}
