package dev.tailor.transfer.train;

/**
 * One update of the weights.
 *
 * @param step counted from 0 over the whole run
 * @param steps steps of the whole run
 * @param loss mean over the batch, before the update
 * @param gradientNorm norm of all gradients before clipping
 * @param learningRate the rate that was used
 */
public record StepReport(int step, int steps, double loss, double gradientNorm, double learningRate) {}
