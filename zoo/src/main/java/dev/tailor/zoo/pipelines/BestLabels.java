package dev.tailor.zoo.pipelines;

import dev.tailor.zoo.preprocess.Bilinear;

/** The best label of each pixel, from a smaller map of logits. */
final class BestLabels {
    private BestLabels() {}

    /**
     * Interpolates row by row, since all labels of a large picture would not fit on the heap.
     *
     * @param logits {@code [labels, rows, columns]}
     * @return an id for each pixel, row by row
     */
    static int[] of(ImageRunner.Output logits, int height, int width) {
        int labels = (int) logits.shape()[0];
        int rows = (int) logits.shape()[1];
        int columns = (int) logits.shape()[2];
        float[] values = logits.values();
        Bilinear.Axis down = Bilinear.Axis.of(rows, height);
        Bilinear.Axis across = Bilinear.Axis.of(columns, width);
        int[] mask = new int[Math.multiplyExact(height, width)];
        float[] best = new float[width];
        float[] row = new float[columns];
        for (int y = 0; y < height; y++) {
            int from = y * width;
            for (int label = 0; label < labels; label++) {
                int above = (label * rows + down.low()[y]) * columns;
                int below = (label * rows + down.high()[y]) * columns;
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
