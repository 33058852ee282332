package dev.tailor.transfer.task;

/** The place of the largest of some numbers, the first of equals. */
final class Largest {
    private Largest() {}

    static int index(float[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            best = values[from + i] > values[from + best] ? i : best;
        }
        return best;
    }
}
