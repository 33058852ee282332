package dev.tailor.program;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** How a weight that no checkpoint holds gets its first values. */
public sealed interface Init {

    /** The same number everywhere. */
    record Constant(double value) implements Init {}

    /** Normal distribution with mean zero. */
    record Normal(double deviation) implements Init {}

    /** Uniform distribution over {@code [-bound, bound)}. */
    record Uniform(double bound) implements Init {}

    /** These numbers, which no seed changes, such as a table that a checkpoint keeps although it follows from the config. */
    record Given(List<Double> values) implements Init {
        /** Copies the list. */
        public Given {
            values = List.copyOf(values);
        }
    }

    /** Zeros. */
    static Init zeros() {
        return new Constant(0);
    }

    /** Ones. */
    static Init ones() {
        return new Constant(1);
    }

    /** PyTorch's default for linear layers and convolutions: uniform within {@code 1 / sqrt(fanIn)}. */
    static Init fanIn(long fanIn) {
        return new Uniform(1 / Math.sqrt((double) fanIn));
    }

    /** He initialisation by the fan-out of a ReLU layer (He et al. 2015, arXiv 1502.01852). */
    static Init kaimingFanOut(long fanOut) {
        return new Normal(Math.sqrt(2.0 / fanOut));
    }

    /**
     * Draws {@code count} values; the same seed gives the same values on every machine.
     *
     * @throws IllegalArgumentException if other numbers of values are given
     */
    default float[] draw(int count, long seed) {
        float[] values = new float[count];
        SplittableRandom random = new SplittableRandom(seed);
        if (this instanceof Constant constant) {
            Arrays.fill(values, (float) constant.value());
        } else if (this instanceof Normal normal) {
            for (int i = 0; i < count; i++) {
                values[i] = (float) (random.nextGaussian() * normal.deviation());
            }
        } else if (this instanceof Uniform uniform) {
            for (int i = 0; i < count; i++) {
                values[i] = (float) ((2 * random.nextDouble() - 1) * uniform.bound());
            }
        } else if (this instanceof Given given) {
            if (given.values().size() != count) {
                throw new IllegalArgumentException(
                        given.values().size() + " numbers are given for a weight of " + count + " elements");
            }
            for (int i = 0; i < count; i++) {
                values[i] = given.values().get(i).floatValue();
            }
        }
        return values;
    }
}
