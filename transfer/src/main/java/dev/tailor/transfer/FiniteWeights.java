package dev.tailor.transfer;

import dev.tailor.TailorException;
import dev.tailor.program.Program;
import dev.tailor.program.WeightSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Looks at weights after a training: the last update comes after the last loss, so nobody would see what it broke. */
final class FiniteWeights {
    private FiniteWeights() {}

    /**
     * Checks all parameters.
     *
     * @throws TailorException if one holds a value that is no number
     */
    static void require(String model, Program program, Map<String, float[]> weights) {
        List<String> broken = program.weights().values().stream()
                .filter(w -> w.role() == WeightSpec.Role.PARAMETER)
                .map(WeightSpec::key)
                .filter(key -> !finite(Objects.requireNonNull(weights.get(key))))
                .toList();
        if (!broken.isEmpty()) {
            throw new TailorException(model + ": training diverged; " + broken.size() + " weights hold values that are"
                    + " no numbers, " + broken.get(0) + " for one. Try a smaller learning rate or a longer warm-up.");
        }
    }

    private static boolean finite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
