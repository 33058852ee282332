package dev.tailor.transfer;

import ai.djl.Device;
import dev.tailor.transfer.train.Recipe;
import dev.tailor.transfer.train.Schedule;
import dev.tailor.transfer.train.TrainingListener;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a user chose. Changed only while a copy is made. */
final class Options {
    Strategy strategy = Strategy.featureExtraction();
    /** 0 for the strategy's own. */
    int epochs;

    int batchSize = 32;
    /** 0 for the strategy's own. */
    double learningRate;
    /** Negative for the strategy's own. */
    double weightDecay = -1;

    double warmup = 0.1;
    double clip = 1;
    double labelSmoothing;
    long seed;

    @Nullable
    Device device;
    /** 0 for all cores. */
    int threads;

    boolean scratch;
    TrainingListener listener = TrainingListener.none();

    /** A copy with a change; the ranges are checked. */
    Options with(Consumer<Options> change) {
        Options copy = new Options();
        copy.strategy = strategy;
        copy.epochs = epochs;
        copy.batchSize = batchSize;
        copy.learningRate = learningRate;
        copy.weightDecay = weightDecay;
        copy.warmup = warmup;
        copy.clip = clip;
        copy.labelSmoothing = labelSmoothing;
        copy.seed = seed;
        copy.device = device;
        copy.threads = threads;
        copy.scratch = scratch;
        copy.listener = listener;
        change.accept(copy);
        return copy;
    }

    /** The recipe for a run of so many steps. */
    Recipe recipe(double ownRate, double ownDecay, int steps) {
        return new Recipe(
                learningRate > 0 ? learningRate : ownRate,
                weightDecay >= 0 ? weightDecay : ownDecay,
                Schedule.LINEAR,
                (int) Math.round(warmup * steps),
                clip,
                labelSmoothing);
    }

    static int atLeastOne(String name, int value) {
        check(value >= 1, name + " must be at least 1", value);
        return value;
    }

    static double positive(String name, double value) {
        check(value > 0, name + " must be positive", value);
        return value;
    }

    static double within(String name, double value, double low, double high) {
        check(value >= low && value <= high, name + " must be in [" + low + ", " + high + "]", value);
        return value;
    }

    private static void check(boolean holds, String what, double found) {
        if (!holds) {
            throw new IllegalArgumentException(what + ", found " + found);
        }
    }
}
