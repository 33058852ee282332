package dev.tailor.transfer.task;

import dev.tailor.TailorException;
import java.util.Map;

/**
 * What a user chose about the loss.
 *
 * @param smoothing share of the target spread over all classes, in {@code [0, 1)}
 * @param balanced whether each class weighs the inverse of its share of the training data
 * @param classWeights weights by label; classes without one weigh 1
 * @param gamma how much a classifier's loss turns away from what is already right (focal loss); 0 for not at all
 */
public record LossOptions(double smoothing, boolean balanced, Map<String, Double> classWeights, double gamma) {

    /** Copies the weights. */
    public LossOptions {
        classWeights = Map.copyOf(classWeights);
    }

    /** Refuses options that only mean something where one class of several is right. */
    void requirePlain(String model, String what) {
        if (smoothing != 0 || balanced || !classWeights.isEmpty() || gamma != 0) {
            throw new TailorException(
                    model + ": label smoothing, class weights and focal loss are for one label of several;" + " " + what
                            + " has none of them");
        }
    }
}
