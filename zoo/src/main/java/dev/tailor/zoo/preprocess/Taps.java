package dev.tailor.zoo.preprocess;

/**
 * The weights along one axis: output {@code i} is the sum of {@code count[i]} inputs from {@code first[i]} on.
 *
 * <p>Fixed-point coefficients as in Pillow's {@code Resample.c}: 22 bits after the point leave 8 for the value and 2 for
 * overshoot in a signed 32-bit sum.
 *
 * @param size the distance in {@code weights} between the taps of two outputs
 */
@SuppressWarnings("ArrayRecordComponent")
record Taps(int size, int[] first, int[] count, int[] weights) {
    static final int PRECISION_BITS = 32 - 8 - 2;

    /** Computes the taps of the outputs {@code from} to {@code from + length - 1} of {@code out}, over {@code in} inputs. */
    static Taps of(Resampling filter, int in, int out, int from, int length) {
        double scale = (double) in / out;
        double filterScale = Math.max(scale, 1);
        double support = filter.support() * filterScale;
        int size = Math.min((int) Math.ceil(support) * 2 + 1, in);
        int[] first = new int[length];
        int[] count = new int[length];
        int[] weights = new int[Math.multiplyExact(length, size)];
        double[] exact = new double[size];
        double inverse = 1 / filterScale;
        for (int i = 0; i < length; i++) {
            double center = (from + i + 0.5) * scale;
            int low = Math.max(0, (int) (center - support + 0.5));
            int high = Math.min(in, (int) (center + support + 0.5));
            double sum = 0;
            for (int k = 0; k < high - low; k++) {
                exact[k] = filter.weight((k + low - center + 0.5) * inverse);
                sum += exact[k];
            }
            for (int k = 0; k < high - low; k++) {
                double weight = (sum == 0 ? exact[k] : exact[k] / sum) * (1 << PRECISION_BITS);
                weights[i * size + k] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
            }
            first[i] = low;
            count[i] = high - low;
        }
        return new Taps(size, first, count, weights);
    }

    /** Rounds a fixed-point sum to a pixel and keeps it within 0 to 255; the sum must have started at {@link #half()}. */
    static int clip(int sum) {
        int value = sum >> PRECISION_BITS;
        return value < 0 ? 0 : Math.min(value, 255);
    }

    static int half() {
        return 1 << (PRECISION_BITS - 1);
    }
}
