package dev.tailor.transfer.train;

/** The learning rate over the steps of a run, as a factor of the recipe's rate. */
public enum Schedule {
    /** The full rate after the warm-up. */
    CONSTANT,
    /** Falls in a straight line to zero. */
    LINEAR,
    /** Falls along half a cosine to zero (Loshchilov and Hutter 2016, arXiv 1608.03983). */
    COSINE,
    /**
     * One cycle from a 25th of the rate up and down to almost nothing along cosines (Smith 2018, arXiv 1803.09820), as {@code
     * torch.optim.lr_scheduler.OneCycleLR}. The warm-up is the way up; without one it takes 30 % of the steps.
     */
    ONE_CYCLE,
    /** The full rate until the validation loss no longer falls; then a tenth, and so on. */
    PLATEAU;

    private static final double CYCLE_START = 1.0 / 25;
    private static final double CYCLE_END = CYCLE_START / 1e4;
    private static final double CYCLE_RISE = 0.3;

    /**
     * The factor at a step: rises in a straight line from 0 over the warm-up, then follows the schedule.
     *
     * @param step counted from 0
     * @param warmup steps of the warm-up
     * @param total steps of the run
     */
    public double factor(int step, int warmup, int total) {
        if (this == ONE_CYCLE) {
            return cycle(step, warmup == 0 ? CYCLE_RISE * total : warmup, total);
        } else if (step < warmup) {
            return (double) step / warmup;
        }
        double passed = (double) (step - warmup) / Math.max(1, total - warmup);
        return switch (this) {
            case LINEAR -> Math.max(0, 1 - passed);
            case COSINE -> 0.5 * (1 + Math.cos(Math.PI * Math.min(1, passed)));
            case CONSTANT, PLATEAU, ONE_CYCLE -> 1;
        };
    }

    private static double cycle(int step, double rise, int total) {
        double top = rise - 1;
        if (step <= top) {
            return between(CYCLE_START, 1, step / top);
        }
        return between(1, CYCLE_END, Math.min(1, (step - top) / Math.max(1, total - 1 - top)));
    }

    /** From one factor to another along half a cosine. */
    private static double between(double from, double to, double share) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));
    }
}
