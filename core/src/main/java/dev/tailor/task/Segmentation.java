package dev.tailor.task;

import java.awt.Color;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A label for each pixel of a picture.
 *
 * @param width the picture's columns
 * @param height the picture's rows
 * @param mask the label's id of each pixel, row by row; must not be changed
 * @param labels the labels that the model knows, by id
 */
@SuppressWarnings("ArrayRecordComponent")
public record Segmentation(int width, int height, int[] mask, List<String> labels) {

    /**
     * Checks the sizes; the mask is not copied.
     *
     * @throws IllegalArgumentException if the mask has another length than {@code width * height}
     */
    public Segmentation {
        Objects.requireNonNull(mask, "mask");
        labels = List.copyOf(labels);
        if (width < 1 || height < 1 || mask.length != (long) width * height) {
            throw new IllegalArgumentException(
                    "a mask of " + mask.length + " pixels does not fit a picture of " + width + " x " + height);
        }
    }

    /**
     * The id of a pixel's label.
     *
     * @throws IndexOutOfBoundsException if the pixel lies outside
     */
    public int id(int x, int y) {
        return mask[Objects.checkIndex(y, height) * width + Objects.checkIndex(x, width)];
    }

    /** The label of a pixel. */
    public String label(int x, int y) {
        return labels.get(id(x, y));
    }

    /** The numbers of pixels by id, for every label that the model knows. */
    public long[] counts() {
        long[] counts = new long[labels.size()];
        for (int id : mask) {
            counts[id]++;
        }
        return counts;
    }

    /** The labels that occur and the shares of their pixels, which sum to one; the largest first. */
    public Map<String, Double> areas() {
        long[] counts = counts();
        Map<String, Double> areas = new LinkedHashMap<>();
        IntStream.range(0, counts.length)
                .filter(i -> counts[i] > 0)
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> counts[i]).reversed())
                .forEach(i -> areas.merge(labels.get(i), counts[i] / (double) mask.length, Double::sum));
        return areas;
    }

    /** A label's colour, by its id: the same in every picture, and unlike its neighbours'. */
    public static Color color(int id) {
        // Steps of the golden ratio never come back to a hue.
        float hue = (float) (id * 0.61803398875 % 1);
        float brightness = id / 3 % 2 == 0 ? 0.95f : 0.75f;
        return Color.getHSBColor(hue, id % 3 == 2 ? 0.55f : 0.8f, brightness);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Segmentation s
                && width == s.width
                && height == s.height
                && labels.equals(s.labels)
                && Arrays.equals(mask, s.mask);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(mask);
    }

    /** The labels with their areas, such as {@code sky 61.5%, road 38.5%}. */
    @Override
    public String toString() {
        return areas().entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%s %.1f%%", e.getKey(), 100 * e.getValue()))
                .collect(Collectors.joining(", "));
    }
}
