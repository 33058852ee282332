package dev.tailor.task;

/** What makes scores of a network's outputs. */
public enum ScoreFunction {
    /** Probabilities that sum to 1: one label of many. */
    SOFTMAX,
    /** A probability for each label by itself. */
    SIGMOID,
    /** The bare outputs, as a regression gives them. */
    NONE
}
