package dev.tailor.transfer.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.TreeMap;

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
        shuffle(order, new SplittableRandom(seed));
        return cut(order, size);
    }

    /**
     * As many examples as there are, each class equally often: those of small classes come several times, some of large ones
     * not at all. Within a class the order is random.
     *
     * @param labels the class of each example
     */
    public static List<int[]> balanced(int[] labels, int size, long seed) {
        Map<Integer, List<Integer>> classes = new TreeMap<>();
        for (int i = 0; i < labels.length; i++) {
            classes.computeIfAbsent(labels[i], k -> new ArrayList<>()).add(i);
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<Iterator<Integer>> draws = new ArrayList<>();
        classes.values().forEach(members -> draws.add(endless(members, random)));
        int[] order = new int[labels.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = draws.get(i % draws.size()).next();
        }
        shuffle(order, random);
        return cut(order, size);
    }

    /** All members in random order, then all of them in another one, and so on. */
    private static Iterator<Integer> endless(List<Integer> members, SplittableRandom random) {
        int[] order = members.stream().mapToInt(Integer::intValue).toArray();
        shuffle(order, random);
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return order.length > 0;
            }

            @Override
            public Integer next() {
                if (order.length == 0) {
                    throw new NoSuchElementException();
                } else if (next == order.length) {
                    shuffle(order, random);
                    next = 0;
                }
                return order[next++];
            }
        };
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }

    /** Parts of the given size; the last one may be smaller. */
    static List<int[]> cut(int[] order, int size) {
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += size) {
            batches.add(Arrays.copyOfRange(order, from, Math.min(from + size, order.length)));
        }
        return batches;
    }
}
