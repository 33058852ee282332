package dev.tailor.engine;

/** How gradients change parameters, as PyTorch and the papers define it. */
public sealed interface Optimizer {

    /**
     * AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101).
     *
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the denominator
     */
    record AdamW(double beta1, double beta2, double epsilon) implements Optimizer {}

    /**
     * Gradient descent; decay is added to the gradient, as {@code torch.optim.SGD} does.
     *
     * @param momentum share of the last step, 0 for none
     * @param nesterov whether to look ahead along the momentum (Sutskever et al. 2013)
     */
    record Sgd(double momentum, boolean nesterov) implements Optimizer {
        /** Checks the combination. */
        public Sgd {
            if (nesterov && !(momentum > 0)) {
                throw new IllegalArgumentException("Nesterov's step needs a momentum above 0, found " + momentum);
            }
        }
    }

    /**
     * Lion (Chen et al. 2023, arXiv 2302.06675): steps of one size along the sign. Takes rates 3 to 10 times smaller and decays as
     * much larger than AdamW.
     *
     * @param beta1 share of the momentum in a step
     * @param beta2 decay of the momentum
     */
    record Lion(double beta1, double beta2) implements Optimizer {}

    /** AdamW with PyTorch's defaults. */
    static Optimizer adamW() {
        return new AdamW(0.9, 0.999, 1e-8);
    }

    /** Plain descent with momentum. */
    static Optimizer sgd(double momentum) {
        return new Sgd(momentum, false);
    }

    /** Lion with its paper's defaults. */
    static Optimizer lion() {
        return new Lion(0.9, 0.99);
    }
}
