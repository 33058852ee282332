package dev.tailor.task;

/**
 * Marks tasks that can be fitted to examples.
 *
 * @param <T> what an example's input should give, such as a label
 * @param <E> what measuring on examples gives
 */
public interface Trainable<T, E extends Evaluation> {}
