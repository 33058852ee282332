package dev.tailor.transfer.augment;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A random change of an input that leaves its target as it is. Immutable and safe for many threads.
 *
 * @param <I> the input
 */
@FunctionalInterface
public interface Augmentation<I> {

    /**
     * Returns a changed input; the given one stays as it is.
     *
     * @param random what chance decides by, and nothing else does: the same state gives the same result
     */
    I apply(I input, SplittableRandom random);

    /** Returns one augmentation that applies all of these in their order. */
    static <I> Augmentation<I> all(List<? extends Augmentation<I>> steps) {
        List<Augmentation<I>> copy = List.copyOf(steps);
        return (input, random) -> {
            I changed = input;
            for (Augmentation<I> step : copy) {
                changed = step.apply(changed, random);
            }
            return changed;
        };
    }

    /** Returns this augmentation, applied with a probability only. */
    default Augmentation<I> sometimes(double probability) {
        Ranges.share("probability", probability);
        return (input, random) -> random.nextDouble() < probability ? apply(input, random) : input;
    }
}
