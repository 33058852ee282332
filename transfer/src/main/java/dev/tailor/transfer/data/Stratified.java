package dev.tailor.transfer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Shares examples out to two sides, target by target, by the largest-remainder method. */
final class Stratified {
    private Stratified() {}

    /** Returns for each example whether it goes to the training side. */
    static boolean[] train(List<?> targets, double fraction, long seed) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException(
                    "The training share must be above 0 and below 1, for example 0.8; found " + fraction);
        }
        if (targets.size() < 2) {
            throw new IllegalArgumentException(
                    "A split needs at least 2 examples, one for each side; found " + targets.size());
        }
        Random random = new Random(seed);
        List<int[]> groups = groups(targets);
        int[] take = quotas(groups, fraction, (int) Math.round(targets.size() * fraction), random);
        boolean[] train = new boolean[targets.size()];
        for (int g = 0; g < take.length; g++) {
            int[] members = groups.get(g);
            shuffle(members, random);
            for (int i = 0; i < take[g]; i++) {
                train[members[i]] = true;
            }
        }
        return train;
    }

    /** Returns the part of each example. */
    static int[] folds(List<?> targets, int count, long seed) {
        if (count < 2 || count > targets.size()) {
            throw new IllegalArgumentException("Cross-validation needs at least 2 parts and no more than there are"
                    + " examples, " + targets.size() + "; found " + count);
        }
        Random random = new Random(seed);
        int[] fold = new int[targets.size()];
        int next = 0;
        for (int[] members : groups(targets)) {
            shuffle(members, random);
            // Dealing goes on where the last target ended, so that the parts stay of one size.
            for (int member : members) {
                fold[member] = next++ % count;
            }
        }
        return fold;
    }

    /** Returns so many examples of each target, ascending. */
    static int[] few(List<?> targets, int count, long seed) {
        if (count < 1) {
            throw new IllegalArgumentException("At least 1 example of each target is needed, found " + count);
        }
        int[] order = new int[targets.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        shuffle(order, new Random(seed));
        Map<Object, Integer> taken = new HashMap<>();
        return Arrays.stream(order)
                .filter(i -> taken.merge(targets.get(i), 1, Integer::sum) <= count)
                .sorted()
                .toArray();
    }

    /** The examples of each target; targets that occur once form one common group at the end. */
    private static List<int[]> groups(List<?> targets) {
        Map<Object, List<Integer>> byTarget = new LinkedHashMap<>();
        for (int i = 0; i < targets.size(); i++) {
            byTarget.computeIfAbsent(targets.get(i), key -> new ArrayList<>()).add(i);
        }
        List<int[]> groups = new ArrayList<>();
        List<Integer> singles = new ArrayList<>();
        for (List<Integer> members : byTarget.values()) {
            if (members.size() == 1) {
                singles.addAll(members);
            } else {
                groups.add(toArray(members));
            }
        }
        if (!singles.isEmpty()) {
            groups.add(toArray(singles));
        }
        return groups;
    }

    /** How many of each group go to training: within 1 and size - 1 (unless the group is a single), close to {@code total} in sum. */
    private static int[] quotas(List<int[]> groups, double fraction, int total, Random random) {
        int[] take = new int[groups.size()];
        int left = total;
        for (int g = 0; g < take.length; g++) {
            int size = groups.get(g).length;
            take[g] = Math.max(lowest(size), Math.min(highest(size), (int) Math.floor(size * fraction)));
            left -= take[g];
        }
        // Among equal remainders chance decides; otherwise the first classes would always be favoured.
        int[] order = new int[take.length];
        for (int g = 0; g < order.length; g++) {
            order[g] = g;
        }
        shuffle(order, random);
        List<Integer> byRemainder = new ArrayList<>();
        for (int g : order) {
            byRemainder.add(g);
        }
        byRemainder.sort(Comparator.comparingDouble(g -> take[g] - groups.get(g).length * fraction));
        for (int g : byRemainder) {
            if (left > 0 && take[g] < highest(groups.get(g).length)) {
                take[g]++;
                left--;
            }
        }
        return take;
    }

    private static int lowest(int size) {
        return size == 1 ? 0 : 1;
    }

    private static int highest(int size) {
        return size == 1 ? 1 : size - 1;
    }

    private static void shuffle(int[] values, Random random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }

    private static int[] toArray(Collection<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
