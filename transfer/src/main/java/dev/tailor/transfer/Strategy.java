package dev.tailor.transfer;

import dev.tailor.program.AdapterTargets;
import dev.tailor.transfer.head.FeatureHead;
import java.util.List;

/** What of a pretrained network changes. */
public sealed interface Strategy {

    /**
     * Everything but the classifier stays; its inputs are computed once and kept.
     *
     * @param head what reads them
     */
    record FeatureExtraction(FeatureHead head) implements Strategy {
        /**
         * Another classifier than a linear layer trained step by step. Those that are a linear layer in the end become the
         * network's own and are saved with it: {@link FeatureHead#linear}, {@link FeatureHead#logisticRegression} and
         * {@link FeatureHead#nearestMean}. All others work in the pipeline that comes out, but cannot be saved.
         */
        public FeatureExtraction head(FeatureHead value) {
            return new FeatureExtraction(value);
        }
    }

    /**
     * Every weight changes.
     *
     * @param layerDecay factor of the learning rate from one layer group to the one before, in {@code (0, 1]}
     */
    record FullFineTuning(double layerDecay) implements Strategy {
        /** Checks the range. */
        public FullFineTuning {
            Options.within("layerDecay", layerDecay, Double.MIN_VALUE, 1);
        }

        /**
         * Layers near the input, which know what all pictures or texts share, take smaller steps (Howard and Ruder 2018, arXiv
         * 1801.06146): each group the given share of the next one's.
         */
        public FullFineTuning layerDecay(double factor) {
            return new FullFineTuning(factor);
        }
    }

    /**
     * The head and the last layer groups change.
     *
     * @param groups how many beside the head, 0 for the head alone
     */
    record LastLayers(int groups) implements Strategy {
        /** Checks the range. */
        public LastLayers {
            Options.within("groups", groups, 0, Integer.MAX_VALUE);
        }
    }

    /** The head in the first epoch, one more layer group in each that follows (Howard and Ruder 2018, arXiv 1801.06146). */
    record GradualUnfreezing() implements Strategy {}

    /** Biases, the weights of norms left alone, and the head (Ben Zaken et al. 2021, arXiv 2106.10199). */
    record BitFit() implements Strategy {}

    /**
     * Low-rank adapters and the head (Hu et al. 2021, arXiv 2106.09685).
     *
     * @param rank the inner width, at least 1
     * @param alpha scale times the rank
     * @param dropout of the adapter's input while training, in {@code [0, 1)}
     * @param rootScaled whether the scale is alpha over the rank's root
     * @param targets which modules change; none for the family's usual ones
     */
    record Lora(int rank, double alpha, double dropout, boolean rootScaled, AdapterTargets targets)
            implements Strategy {
        /** Checks the ranges. */
        public Lora {
            Options.atLeastOne("rank", rank);
            Options.within("dropout", dropout, 0, 0.999);
        }

        /** Another scale: the change is multiplied by {@code alpha / rank}. */
        public Lora alpha(double value) {
            return new Lora(rank, value, dropout, rootScaled, targets);
        }

        /** Dropout of the adapter's input while training. */
        public Lora dropout(double value) {
            return new Lora(rank, alpha, value, rootScaled, targets);
        }

        /** Scales by {@code alpha / sqrt(rank)}, which keeps high ranks stable (Kalajdzievski 2023, arXiv 2312.03732). */
        public Lora rootScaled(boolean value) {
            return new Lora(rank, alpha, dropout, value, targets);
        }

        /** Modules by the ends of their paths, such as {@code query} and {@code value}. */
        public Lora targets(String... names) {
            return new Lora(rank, alpha, dropout, rootScaled, AdapterTargets.of(List.of(names)));
        }

        /** Modules by a regular expression for their whole paths. */
        public Lora targetsMatching(String pattern) {
            return new Lora(rank, alpha, dropout, rootScaled, AdapterTargets.matching(pattern));
        }
    }

    /**
     * Fits a new linear classifier on the frozen network's features. Fast, needs few examples, and cannot spoil what the network
     * knows.
     */
    static FeatureExtraction featureExtraction() {
        return new FeatureExtraction(FeatureHead.linear());
    }

    /** Fits all weights together with a new classifier. Slower, better where there is much data. */
    static FullFineTuning fullFineTuning() {
        return new FullFineTuning(1);
    }

    /** Fits the head and the last groups of layers; 0 for the head alone. */
    static LastLayers lastLayers(int groups) {
        return new LastLayers(groups);
    }

    /** Fits the head first and one more group of layers with each epoch. */
    static GradualUnfreezing gradualUnfreezing() {
        return new GradualUnfreezing();
    }

    /** Fits biases and the head: under a thousandth of the weights. */
    static BitFit bitFit() {
        return new BitFit();
    }

    /** Fits low-rank adapters and the head, with {@code alpha} twice the rank. The base model stays as it is. */
    static Lora lora(int rank) {
        return new Lora(rank, 2.0 * rank, 0, false, AdapterTargets.of(List.of()));
    }
}
