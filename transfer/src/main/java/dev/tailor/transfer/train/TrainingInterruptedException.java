package dev.tailor.transfer.train;

import dev.tailor.TailorException;

/** The training thread was interrupted; its flag is still set. */
public final class TrainingInterruptedException extends TailorException {
    private static final long serialVersionUID = 1L;

    TrainingInterruptedException(int epoch, int step) {
        super("Training was interrupted in epoch " + epoch + " after step " + step + "; nothing was saved");
    }
}
