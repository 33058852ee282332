package dev.tailor.zoo.preprocess;

/** The best label of each pixel, from a smaller map of logits. */
public final class BestLabels {
    private BestLabels() {}

    /**
     * Interpolates row by row, since all labels of a large picture would not fit on the heap.
     *
     * @param values logits of {@code labels} maps of {@code rows} by {@code columns}, from {@code offset} on
     * @return an id for each pixel, row by row
     */
    public static int[] of(float[] values, int offset, int labels, int rows, int columns, int height, int width) {
        Bilinear.Axis down = Bilinear.Axis.of(rows, height);
        Bilinear.Axis across = Bilinear.Axis.of(columns, width);
        int[] mask = new int[Math.multiplyExact(height, width)];
        float[] best = new float[width];
        float[] row = new float[columns];
        for (int y = 0; y < height; y++) {
            int from = y * width;
            for (int label = 0; label < labels; label++) {
                int above = offset + (label * rows + down.low()[y]) * columns;
                int below = offset + (label * rows + down.high()[y]) * columns;
                for (int x = 0; x < columns; x++) {
                    row[x] = down.between(y, values[above + x], values[below + x]);
                }
                for (int x = 0; x < width; x++) {
                    float value = across.between(x, row[across.low()[x]], row[across.high()[x]]);
                    if (label == 0 || value > best[x]) {
                        best[x] = value;
                        mask[from + x] = label;
                    }
                }
            }
        }
        return mask;
    }
}
