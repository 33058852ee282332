package dev.tailor.task;

/**
 * How well one label's pixels are found.
 *
 * @param label the name
 * @param iou pixels that have the label in truth and in the answer, over those that have it in either; NaN where none has
 * @param accuracy the share of the label's true pixels that are found; NaN where there are none
 * @param pixels how many pixels have the label in truth
 */
public record LabelOverlap(String label, double iou, double accuracy, long pixels) {}
