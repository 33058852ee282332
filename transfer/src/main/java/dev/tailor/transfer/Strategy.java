package dev.tailor.transfer;

/** What of a pretrained network changes. */
public sealed interface Strategy permits Strategy.FeatureExtraction, Strategy.FullFineTuning {

    /** Everything but the classifier stays; its inputs are computed once and kept. */
    record FeatureExtraction() implements Strategy {}

    /** Every weight changes. */
    record FullFineTuning() implements Strategy {}

    /**
     * Fits a new linear classifier on the frozen network's features. Fast, needs few examples, and cannot spoil what the network
     * knows.
     */
    static Strategy featureExtraction() {
        return new FeatureExtraction();
    }

    /** Fits all weights together with a new classifier. Slower, better where there is much data. */
    static Strategy fullFineTuning() {
        return new FullFineTuning();
    }
}
