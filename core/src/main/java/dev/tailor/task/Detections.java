package dev.tailor.task;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The objects in one picture.
 *
 * @param width the picture's columns
 * @param height the picture's rows
 * @param objects best first
 */
public record Detections(int width, int height, List<Detection> objects) {

    /** Sorts, best first; equal scores keep their order. */
    public Detections {
        objects = objects.stream()
                .sorted(Comparator.comparingDouble(Detection::score).reversed())
                .toList();
    }

    /** The objects with a label, best first. */
    public List<Detection> of(String label) {
        return objects.stream().filter(d -> d.label().equals(label)).toList();
    }

    /** How many there are. */
    public int count() {
        return objects.size();
    }

    /** One object a line. */
    @Override
    public String toString() {
        return objects.isEmpty()
                ? "nothing"
                : objects.stream().map(Detection::toString).collect(Collectors.joining("\n"));
    }
}
