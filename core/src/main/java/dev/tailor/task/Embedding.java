package dev.tailor.task;

import java.util.Arrays;
import java.util.Locale;

/**
 * A vector that stands for an input.
 *
 * @param vector the components; must not be changed
 * @param truncated whether the input was longer than the model reads
 */
public record Embedding(float[] vector, boolean truncated) {

    /** The number of components. */
    public int dimension() {
        return vector.length;
    }

    /** The dot product with another vector of the same dimension. */
    public double dot(Embedding other) {
        requireSame(other);
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            sum += (double) vector[i] * other.vector[i];
        }
        return sum;
    }

    /** The cosine of the angle between two vectors, in {@code [-1, 1]}; 0 if one of them is zero. */
    public double cosine(Embedding other) {
        double norms = Math.sqrt(dot(this)) * Math.sqrt(other.dot(other));
        return norms == 0 ? 0 : dot(other) / norms;
    }

    /** The straight distance to another vector of the same dimension. */
    public double euclidean(Embedding other) {
        requireSame(other);
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            double difference = (double) vector[i] - other.vector[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    /** The sum of the components' distances to another vector of the same dimension. */
    public double manhattan(Embedding other) {
        requireSame(other);
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            sum += Math.abs((double) vector[i] - other.vector[i]);
        }
        return sum;
    }

    private void requireSame(Embedding other) {
        if (other.dimension() != dimension()) {
            throw new IllegalArgumentException(
                    "vectors of " + dimension() + " and " + other.dimension() + " components cannot be compared");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Embedding e && Arrays.equals(vector, e.vector) && truncated == e.truncated;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(vector);
    }

    /** The dimension and the first components. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(dimension()).append(" dimensions [");
        for (int i = 0; i < Math.min(4, vector.length); i++) {
            text.append(i == 0 ? "" : ", ").append(String.format(Locale.ROOT, "%.4f", vector[i]));
        }
        return text.append(vector.length > 4 ? ", ...]" : "]").toString();
    }
}
