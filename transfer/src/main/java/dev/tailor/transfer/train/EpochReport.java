package dev.tailor.transfer.train;

/**
 * One pass over the training data.
 *
 * @param epoch counted from 1
 * @param epochs passes of the whole run
 * @param trainLoss mean loss over the pass
 * @param validationLoss mean loss on the validation data after the pass; NaN without such data
 * @param scoreName what the task's main number is called, as its evaluation's {@code metrics()} spell it, such as
 *     {@code accuracy} or {@code f1}; empty where the loss alone is known
 * @param validationScore that number on the validation data, larger is better; NaN without such data or where the loss
 *     alone is known
 */
public record EpochReport(
        int epoch, int epochs, double trainLoss, double validationLoss, String scoreName, double validationScore) {

    /** Whether there was validation data. */
    public boolean validated() {
        return !Double.isNaN(validationLoss);
    }

    /** Whether there is a score besides the loss. */
    public boolean scored() {
        return !Double.isNaN(validationScore);
    }
}
