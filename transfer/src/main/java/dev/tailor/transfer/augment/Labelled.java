package dev.tailor.transfer.augment;

import dev.tailor.task.PixelLabels;

/**
 * An input with a label for each of its pixels.
 *
 * @param <I> the input
 */
public record Labelled<I>(I input, PixelLabels labels) {}
