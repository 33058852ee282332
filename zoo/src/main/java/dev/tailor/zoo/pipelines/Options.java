package dev.tailor.zoo.pipelines;

/** Checks of options. */
final class Options {
    private Options() {}

    /** A number within bounds, both included. */
    static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be at least " + least
                    + (most == Integer.MAX_VALUE ? "" : " and at most " + most) + ", found " + value);
        }
    }
}
