package dev.tailor.transfer;

import ai.djl.Device;
import dev.tailor.Precision;
import dev.tailor.engine.Optimizer;
import dev.tailor.transfer.augment.Augmentation;
import dev.tailor.transfer.augment.Mixing;
import dev.tailor.transfer.task.LossOptions;
import dev.tailor.transfer.train.Passes;
import dev.tailor.transfer.train.RateFactors;
import dev.tailor.transfer.train.Recipe;
import dev.tailor.transfer.train.Schedule;
import dev.tailor.transfer.train.TrainingListener;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a user chose. Changed only while a copy is made. */
final class Options implements Cloneable {
    Strategy strategy = Strategy.featureExtraction();
    /** 0 for the strategy's own. */
    int epochs;

    int batchSize = 32;
    int accumulate = 1;
    Optimizer optimizer = Optimizer.adamW();
    Schedule schedule = Schedule.LINEAR;
    /** 0 for the strategy's own. */
    double learningRate;
    /** Negative for the strategy's own. */
    double weightDecay = -1;

    double warmup = 0.1;
    double clip = 1;
    LossOptions loss = new LossOptions(0, false, Map.of(), 0);
    boolean balancedSampling;
    /** 0 for no early stopping. */
    int patience;

    long seed;

    Precision precision = Precision.FLOAT32;

    @Nullable
    Device device;
    /** 0 for all cores. */
    int threads;

    /** One for the type of the inputs, or null. */
    @Nullable
    Augmentation<?> augmentation;

    @Nullable
    Mixing mixing;

    /** Bytes of features on the heap; 0 for a quarter of it. */
    long featureMemory;

    /** Features that several fits share. */
    FeatureStore store = FeatureStore.none();

    boolean scratch;
    /** Whether an input that cannot be read ends the training. */
    boolean strict;

    @Nullable
    Path checkpoints;

    int checkpointEvery;
    String dataName = "";
    TrainingListener listener = TrainingListener.none();

    /** A copy with a change. */
    Options with(Consumer<Options> change) {
        try {
            Options copy = (Options) super.clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The recipe for a run of so many steps. */
    Recipe recipe(double ownRate, double ownDecay, int steps, RateFactors factors) {
        return new Recipe(
                optimizer,
                learningRate > 0 ? learningRate : ownRate,
                weightDecay >= 0 ? weightDecay : ownDecay,
                schedule,
                (int) Math.round(warmup * steps),
                clip,
                factors);
    }

    Passes passes(int ownEpochs) {
        return new Passes(epochs > 0 ? epochs : ownEpochs, batchSize, accumulate, seed, patience, balancedSampling);
    }

    /** Bytes of features that may lie on the heap. */
    long featureBudget() {
        return featureMemory > 0 ? featureMemory : Runtime.getRuntime().maxMemory() / 4;
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
