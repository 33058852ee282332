package dev.tailor.task;

/**
 * How well one class was recognised. A ratio whose denominator is 0 counts as 0.
 *
 * @param label the name of the class
 * @param precision the share of predictions of this class that were right, 0 to 1
 * @param recall the share of examples of this class that were found, 0 to 1
 * @param f1 the harmonic mean of precision and recall, 0 to 1
 * @param support how many examples truly belong to this class
 */
public record ClassMetrics(String label, double precision, double recall, double f1, int support) {}
