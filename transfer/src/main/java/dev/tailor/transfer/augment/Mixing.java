package dev.tailor.transfer.augment;

import java.util.SplittableRandom;

/**
 * Mixes each picture of a batch with the one before it, and their targets in the same shares. The share is drawn once for each
 * batch from a Beta distribution, as torchvision's {@code MixUp} and {@code CutMix} do.
 */
public sealed interface Mixing {
    /** Both parameters of the Beta distribution; positive. */
    double alpha();

    /** Lays one picture over the other (Zhang et al. 2017, arXiv 1710.09412). */
    record Mixup(double alpha) implements Mixing {
        /** Checks the range. */
        public Mixup {
            Ranges.ordered("alpha", alpha, alpha);
        }
    }

    /** Puts a rectangle of one picture into the other (Yun et al. 2019, arXiv 1905.04899). */
    record Cutmix(double alpha) implements Mixing {
        /** Checks the range. */
        public Cutmix {
            Ranges.ordered("alpha", alpha, alpha);
        }
    }

    /**
     * Returns mixup.
     *
     * @param alpha of the Beta distribution; 0.2 is usual
     */
    static Mixing mixup(double alpha) {
        return new Mixup(alpha);
    }

    /**
     * Returns cutmix.
     *
     * @param alpha of the Beta distribution; 1 is usual
     */
    static Mixing cutmix(double alpha) {
        return new Cutmix(alpha);
    }

    /** Draws a share in {@code [0, 1]} from Beta(alpha, alpha) by Jöhnk's method (1964), in logarithms for small parameters. */
    default double draw(SplittableRandom random) {
        if (alpha() == 1) {
            return random.nextDouble();
        }
        if (alpha() > 1) {
            double a = gamma(random);
            return a / (a + gamma(random));
        }
        while (true) {
            double x = Math.log(1 - random.nextDouble()) / alpha();
            double y = Math.log(1 - random.nextDouble()) / alpha();
            double most = Math.max(x, y);
            double sum = most + Math.log(Math.exp(x - most) + Math.exp(y - most));
            if (sum <= 0) {
                return Math.exp(x - sum);
            }
        }
    }

    /** Gamma(alpha, 1) for alpha of 1 and more (Marsaglia and Tsang 2000). */
    private double gamma(SplittableRandom random) {
        double d = alpha() - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double normal =
                    Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
            double v = Math.pow(1 + c * normal, 3);
            if (v > 0 && Math.log(1 - random.nextDouble()) < normal * normal / 2 + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }
}
