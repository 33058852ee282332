package dev.tailor.zoo.pipelines;

import dev.tailor.PretrainedModel;
import dev.tailor.TailorException;
import dev.tailor.Task;

/** What a regression asks of a model. */
final class OneNumber {
    private OneNumber() {}

    /** Refuses a model that gives more than one number. */
    static void require(PretrainedModel model) {
        if (model.config().labelCount() != 1) {
            throw new TailorException(model.snapshot().id() + " has the labels "
                    + model.config().labels() + "; a regression has exactly one. Load it for "
                    + Task.TEXT_CLASSIFICATION + ", or fit it.");
        }
    }
}
