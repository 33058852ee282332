package dev.tailor.transfer.train;

/**
 * One pass over the training data.
 *
 * @param epoch counted from 1
 * @param epochs passes of the whole run
 * @param trainLoss mean loss over the pass
 * @param validationLoss mean loss on the validation data after the pass; NaN without such data
 * @param validationAccuracy the score on the validation data: the share of right answers, for other tasks than
 *     classification their own number; NaN without such data or where the loss alone is known
 */
public record EpochReport(int epoch, int epochs, double trainLoss, double validationLoss, double validationAccuracy) {

    /** Whether there was validation data. */
    public boolean validated() {
        return !Double.isNaN(validationLoss);
    }
}
