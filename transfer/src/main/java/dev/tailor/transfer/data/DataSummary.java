package dev.tailor.transfer.data;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How the targets of a data set are spread. Prints as a table.
 *
 * @param size the number of examples
 * @param counts how often each label occurs, the most frequent first; where a target is a collection (tags of words, several
 *     labels) each of its elements counts. Empty where targets are numbers
 * @param numbers the range of targets that are numbers; without values otherwise
 */
public record DataSummary(int size, Map<String, Integer> counts, Range numbers) {
    /** Rows of the printed table. */
    private static final int MOST_ROWS = 100;

    /**
     * The spread of numbers.
     *
     * @param count how many there are
     * @param mean NaN if there are none
     * @param deviation root of the mean squared distance from the mean; NaN if there are none
     * @param minimum the smallest
     * @param maximum the largest
     */
    public record Range(long count, double mean, double deviation, double minimum, double maximum) {}

    /** Keeps the order of the counts. */
    public DataSummary {
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    static DataSummary of(List<?> targets) {
        if (!targets.isEmpty() && targets.stream().allMatch(t -> t instanceof Number)) {
            return new DataSummary(
                    targets.size(),
                    Map.of(),
                    range(targets.stream()
                            .mapToDouble(t -> ((Number) t).doubleValue())
                            .toArray()));
        }
        Map<String, Integer> counts = new TreeMap<>();
        for (Object target : targets) {
            if (target instanceof Collection<?> labels) {
                labels.forEach(l -> counts.merge(l.toString(), 1, Integer::sum));
            } else {
                counts.merge(target.toString(), 1, Integer::sum);
            }
        }
        Map<String, Integer> ordered = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(e -> ordered.put(e.getKey(), e.getValue()));
        return new DataSummary(targets.size(), ordered, range(new double[0]));
    }

    private static Range range(double[] values) {
        if (values.length == 0) {
            return new Range(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        DoubleSummaryStatistics all = new DoubleSummaryStatistics();
        double squares = 0;
        for (double value : values) {
            all.accept(value);
        }
        for (double value : values) {
            squares += (value - all.getAverage()) * (value - all.getAverage());
        }
        return new Range(
                values.length, all.getAverage(), Math.sqrt(squares / values.length), all.getMin(), all.getMax());
    }

    /** Returns the share of a label among all, in {@code [0, 1]}; 0 for a label that does not occur. */
    public double share(String label) {
        Integer count = counts.get(label);
        return count == null ? 0 : (double) count / total();
    }

    /** Returns how many times the most frequent label outnumbers the rarest, at least 1; NaN without labels. */
    public double imbalance() {
        return counts.isEmpty()
                ? Double.NaN
                : (double) Collections.max(counts.values()) / Collections.min(counts.values());
    }

    private long total() {
        return counts.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** A table for a person. */
    @Override
    public String toString() {
        if (counts.isEmpty()) {
            return numbers.count() == 0
                    ? size + " examples"
                    : String.format(
                            Locale.ROOT,
                            "%d examples, targets from %.4g to %.4g, mean %.4g, deviation %.4g",
                            size,
                            numbers.minimum(),
                            numbers.maximum(),
                            numbers.mean(),
                            numbers.deviation());
        }
        int width = counts.keySet().stream().mapToInt(String::length).max().orElse(0);
        String rows = counts.entrySet().stream()
                .limit(MOST_ROWS)
                .map(e -> String.format(
                        Locale.ROOT,
                        "%n  %-" + Math.max(1, width) + "s %7d  %5.1f %%",
                        e.getKey(),
                        e.getValue(),
                        100 * share(e.getKey())))
                .collect(Collectors.joining());
        String more = counts.size() > MOST_ROWS ? "\n  and " + (counts.size() - MOST_ROWS) + " more" : "";
        return String.format(
                        Locale.ROOT,
                        "%d examples, %d labels, the largest %.1f times the smallest",
                        size,
                        counts.size(),
                        imbalance())
                + rows
                + more;
    }
}
