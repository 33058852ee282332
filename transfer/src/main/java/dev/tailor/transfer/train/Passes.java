package dev.tailor.transfer.train;

/**
 * How often and in which portions the data are seen.
 *
 * @param epochs passes over the data
 * @param batchSize examples of one micro-batch
 * @param accumulate micro-batches of one update
 * @param seed orders the examples and draws dropout
 * @param patience epochs without a smaller validation loss after which training ends and the best weights come back; 0 for never
 * @param balanced whether each class is drawn equally often
 */
public record Passes(int epochs, int batchSize, int accumulate, long seed, int patience, boolean balanced) {

    /** Updates of one pass; the last one may see fewer examples. */
    public int stepsPerEpoch(int examples) {
        int each = Math.multiplyExact(batchSize, accumulate);
        return (examples + each - 1) / each;
    }
}
