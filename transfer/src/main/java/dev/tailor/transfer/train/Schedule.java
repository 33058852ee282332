package dev.tailor.transfer.train;

/** The learning rate over the steps of a run, as a factor of the recipe's rate. */
public enum Schedule {
    /** The full rate after the warm-up. */
    CONSTANT,
    /** Falls in a straight line to zero. */
    LINEAR;

    /**
     * The factor at a step: rises in a straight line from 0 over the warm-up, then follows the schedule.
     *
     * @param step counted from 0
     * @param warmup steps of the warm-up
     * @param total steps of the run
     */
    public double factor(int step, int warmup, int total) {
        if (step < warmup) {
            return (double) step / warmup;
        }
        return switch (this) {
            case CONSTANT -> 1;
            case LINEAR -> Math.max(0, (double) (total - step) / Math.max(1, total - warmup));
        };
    }
}
