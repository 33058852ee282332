package dev.tailor.transfer.augment;

import dev.tailor.TailorException;
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

    /**
     * Changes an input together with the labels of its pixels, so that they still fit: for semantic segmentation.
     *
     * @throws TailorException if this augmentation cannot; by default it cannot
     */
    default Labelled<I> apply(Labelled<I> example, SplittableRandom random) {
        throw new TailorException("An augmentation does not say what becomes of the labels of pixels. Flips, random"
                + " resized crops, rotation, colour jitter and random erasing do, and so does an Augmentation that"
                + " overrides apply(Labelled, SplittableRandom).");
    }

    /** Returns one augmentation that applies all of these in their order. */
    static <I> Augmentation<I> all(List<? extends Augmentation<I>> steps) {
        List<Augmentation<I>> copy = List.copyOf(steps);
        return new Augmentation<>() {
            @Override
            public I apply(I input, SplittableRandom random) {
                I changed = input;
                for (Augmentation<I> step : copy) {
                    changed = step.apply(changed, random);
                }
                return changed;
            }

            @Override
            public Labelled<I> apply(Labelled<I> example, SplittableRandom random) {
                Labelled<I> changed = example;
                for (Augmentation<I> step : copy) {
                    changed = step.apply(changed, random);
                }
                return changed;
            }
        };
    }

    /** Returns this augmentation, applied with a probability only. */
    default Augmentation<I> sometimes(double probability) {
        Ranges.share("probability", probability);
        Augmentation<I> always = this;
        return new Augmentation<>() {
            @Override
            public I apply(I input, SplittableRandom random) {
                return random.nextDouble() < probability ? always.apply(input, random) : input;
            }

            @Override
            public Labelled<I> apply(Labelled<I> example, SplittableRandom random) {
                return random.nextDouble() < probability ? always.apply(example, random) : example;
            }
        };
    }
}
