package dev.tailor.program;

import dev.tailor.TailorException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A checkpoint does not hold the weights that its config describes. Lists all of them at once. */
public final class WeightMismatchException extends TailorException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 20;

    private final List<String> missing;
    private final List<String> misshaped;
    private final List<String> unexpected;

    WeightMismatchException(
            String model, Map<String, String> missing, List<String> misshaped, List<String> unexpected) {
        super(model + ": the weights do not fit the config."
                + section(
                        "missing",
                        missing.entrySet().stream()
                                .map(e -> e.getKey() + " " + e.getValue())
                                .toList())
                + section("of another shape or type", misshaped)
                + section("unexpected", unexpected)
                + "\nCheck that config.json and the weight files belong together and that none of them was cut.");
        this.missing = List.copyOf(missing.keySet());
        this.misshaped = List.copyOf(misshaped);
        this.unexpected = List.copyOf(unexpected);
    }

    /** The keys that the network needs and the checkpoint lacks. */
    public List<String> missing() {
        return missing;
    }

    /** The keys whose shapes or types differ, each with what was expected and found. */
    public List<String> misshaped() {
        return misshaped;
    }

    /** The checkpoint's names that nothing uses. */
    public List<String> unexpected() {
        return unexpected;
    }

    private static String section(String title, List<String> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        String more = lines.size() > SHOWN ? "\n    ... and " + (lines.size() - SHOWN) + " more" : "";
        return "\n  " + lines.size() + " " + title + ":"
                + lines.stream().limit(SHOWN).map(l -> "\n    " + l).collect(Collectors.joining()) + more;
    }
}
