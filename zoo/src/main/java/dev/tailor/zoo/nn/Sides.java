package dev.tailor.zoo.nn;

import dev.tailor.TailorException;
import dev.tailor.program.ModelConfig;
import java.util.List;

/**
 * Height and width of a picture, a patch or a grid.
 *
 * @param height at least 1
 * @param width at least 1
 */
public record Sides(long height, long width) {

    /**
     * Reads a key that holds one number for a square, or height and width.
     *
     * @throws TailorException if it holds anything else
     */
    public static Sides of(ModelConfig json, String key, long absent) {
        List<Long> found = json.integers(key, List.of(absent));
        if (found.isEmpty() || found.size() > 2) {
            throw new TailorException(
                    json.source() + ": \"" + key + "\" must be one number or height and width, found " + found);
        }
        found.forEach(side -> json.check(key, side, Integer.MAX_VALUE));
        return new Sides(found.get(0), found.get(found.size() - 1));
    }

    /** How many whole patches lie in each direction. */
    public Sides over(Sides patch) {
        return new Sides(height / patch.height, width / patch.width);
    }

    /** Height times width. */
    public long area() {
        return Math.multiplyExact(height, width);
    }
}
