package dev.tailor.transfer.search;

import dev.tailor.TailorException;
import dev.tailor.transfer.train.TrainingInterruptedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tries settings at random (Bergstra and Bengio 2012), one trial after the other. With {@link #halving} a trial ends early unless it
 * is among the best share of all that came as far, at epochs that grow by a factor: the rungs of ASHA (Li et al. 2018, arXiv
 * 1810.05934) in its stopping form. The same seed gives the same trials. Immutable: every setter returns a copy.
 */
public final class HyperparameterSearch {
    private final SearchSpace space;
    private final int trials;
    private final long seed;
    private final int firstRung;
    private final int factor;
    private final @Nullable Path log;

    private HyperparameterSearch(
            SearchSpace space, int trials, long seed, int firstRung, int factor, @Nullable Path log) {
        this.space = space;
        this.trials = trials;
        this.seed = seed;
        this.firstRung = firstRung;
        this.factor = factor;
        this.log = log;
    }

    /** A search of 20 trials, all of which run to their end. */
    public static HyperparameterSearch over(SearchSpace space) {
        return new HyperparameterSearch(space, 20, 0, 0, 0, null);
    }

    /** How many settings are tried, at least one. */
    public HyperparameterSearch trials(int value) {
        require(value >= 1, "trials must be at least 1", value);
        return new HyperparameterSearch(space, value, seed, firstRung, factor, log);
    }

    /** Seeds the choice of settings; 0 by default. */
    public HyperparameterSearch seed(long value) {
        return new HyperparameterSearch(space, trials, value, firstRung, factor, log);
    }

    /**
     * Ends trials early. A trial goes on beyond an epoch of {@code firstEpoch}, {@code firstEpoch * factor} and so on if its loss is
     * among the best {@code 1 / factor} of those that came there.
     *
     * @param firstEpoch at least 1
     * @param factor at least 2; 3 or 4 is usual
     */
    public HyperparameterSearch halving(int firstEpoch, int factor) {
        require(firstEpoch >= 1, "firstEpoch must be at least 1", firstEpoch);
        require(factor >= 2, "factor must be at least 2", factor);
        return new HyperparameterSearch(space, trials, seed, firstEpoch, factor, log);
    }

    /** Keeps results in a file of JSON Lines; a second run of the same search goes on behind the trials that it holds. */
    public HyperparameterSearch log(Path file) {
        return new HyperparameterSearch(space, trials, seed, firstRung, factor, file);
    }

    private static void require(boolean holds, String what, int found) {
        if (!holds) {
            throw new IllegalArgumentException(what + ", found " + found);
        }
    }

    /**
     * Runs all trials that the log does not hold.
     *
     * @param training fits with the trial's settings and its {@link Trial#listener}
     * @throws TailorException if the log belongs to another search or cannot be written; a trial that fails is noted only
     */
    public SearchResult run(Consumer<Trial> training) {
        TrialLog kept = new TrialLog(log, "seed " + seed + ", rungs " + firstRung + " x " + factor + ", " + space);
        List<TrialResult> done = new ArrayList<>(kept.read());
        for (int number = done.size(); number < trials; number++) {
            Map<String, String> values = space.draw(seed, number);
            Trial trial = new Trial(number, values, losses -> goesOn(losses, done));
            TrialResult.State state = TrialResult.State.COMPLETE;
            String message = "";
            try {
                training.accept(trial);
            } catch (Trial.Pruned e) {
                state = TrialResult.State.PRUNED;
            } catch (TrainingInterruptedException e) {
                throw e;
            } catch (TailorException e) {
                // Settings under which a training diverges are an answer, too.
                state = TrialResult.State.FAILED;
                message = String.valueOf(e.getMessage());
            }
            TrialResult result = new TrialResult(number, values, trial.losses(), state, message);
            kept.append(result);
            done.add(result);
        }
        return new SearchResult(space, done.subList(0, Math.min(trials, done.size())));
    }

    /** Whether a trial with these losses so far is worth another epoch. */
    private boolean goesOn(List<Double> losses, List<TrialResult> others) {
        int epoch = losses.size();
        if (!isRung(epoch)) {
            return true;
        }
        double own = best(losses, epoch);
        long all = 1;
        long better = 0;
        for (TrialResult other : others) {
            if (other.losses().size() >= epoch) {
                all++;
                better += best(other.losses(), epoch) < own ? 1 : 0;
            }
        }
        return Double.isFinite(own) && better < Math.max(1, all / factor);
    }

    private boolean isRung(int epoch) {
        long rung = firstRung;
        while (rung > 0 && rung < epoch) {
            rung *= factor;
        }
        return rung == epoch;
    }

    private static double best(List<Double> losses, int epochs) {
        return losses.subList(0, epochs).stream()
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(Double.POSITIVE_INFINITY);
    }
}
