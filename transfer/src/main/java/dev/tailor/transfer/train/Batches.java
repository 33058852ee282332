package dev.tailor.transfer.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Cuts the indices of a data set into batches. */
public final class Batches {
    private Batches() {}

    /** Batches in the order of the data. */
    public static List<int[]> inOrder(int count, int size) {
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        return cut(order, size);
    }

    /** Batches in an order that depends on nothing but the seed (Fisher and Yates). */
    public static List<int[]> shuffled(int count, int size, long seed) {
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return cut(order, size);
    }

    private static List<int[]> cut(int[] order, int size) {
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += size) {
            batches.add(Arrays.copyOfRange(order, from, Math.min(from + size, order.length)));
        }
        return batches;
    }
}
