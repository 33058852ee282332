package dev.tailor.transfer.head;

/** Vectors as arrays. */
record DenseRows(float[][] vectors, int width) implements Rows {

    static DenseRows of(float[][] vectors) {
        int width = vectors.length == 0 ? 0 : vectors[0].length;
        for (int i = 0; i < vectors.length; i++) {
            if (vectors[i].length != width) {
                throw new IllegalArgumentException(
                        "vector " + i + " has " + vectors[i].length + " components where the first has " + width);
            }
        }
        return new DenseRows(vectors.clone(), width);
    }

    @Override
    public int size() {
        return vectors.length;
    }

    @Override
    public double dot(int row, double[] with, int offset) {
        float[] vector = vectors[row];
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += vector[i] * with[offset + i];
        }
        return sum;
    }

    @Override
    public void addTo(int row, double factor, double[] sums, int offset) {
        float[] vector = vectors[row];
        for (int i = 0; i < width; i++) {
            sums[offset + i] += factor * vector[i];
        }
    }
}
