package dev.tailor.examples;

import java.util.Random;

/** Chance that follows from a seed alone. */
final class Chance {
    private final Random random;

    Chance(long seed) {
        // Random's first numbers for neighbouring seeds resemble each other; Stafford's mix 13 spreads the bits.
        long mixed = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        random = new Random(mixed ^ (mixed >>> 31));
    }

    /** A number of the half-open interval, all equally likely. */
    double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** A whole number, both ends included. */
    int whole(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    /** True in that share of the cases. */
    boolean once(double share) {
        return random.nextDouble() < share;
    }

    /** A number of the normal distribution around 0 with standard deviation 1. */
    double normal() {
        return random.nextGaussian();
    }
}
