package dev.tailor.transfer.augment;

import java.util.SplittableRandom;

/** Checks of arguments, and draws from ranges. */
final class Ranges {
    private Ranges() {}

    static void share(String name, double value) {
        require(value >= 0 && value <= 1, name + " must be in [0, 1], found " + value);
    }

    static void ordered(String name, double low, double high) {
        require(
                low > 0 && low <= high && high < Double.MAX_VALUE,
                name + " must be positive and ascending, found " + low + " and " + high);
    }

    static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    static double draw(SplittableRandom random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }
}
