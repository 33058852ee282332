package dev.tailor.task;

/**
 * Marks tasks that can be fitted to examples.
 *
 * @param <T> what an example's input should give, such as a label
 */
public interface Trainable<T> {}
