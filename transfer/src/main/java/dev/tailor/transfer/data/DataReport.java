package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with a data set, found by loading every input once. Nothing here is fatal; {@link #refuseUnreadable} and
 * {@link #clean} draw conclusions. Prints for a person.
 *
 * <p>Inputs are equal if their content is: the pixels of images, whatever the file; the characters of texts.
 *
 * @param summary how the targets are spread
 * @param unreadable inputs that cannot be loaded
 * @param duplicates groups of equal inputs with one and the same target
 * @param contradictions groups of equal inputs with different targets
 * @param leaks validation examples whose input is in the training data as well; empty for a single data set
 */
public record DataReport(
        DataSummary summary,
        List<Unreadable> unreadable,
        List<Group> duplicates,
        List<Group> contradictions,
        List<Leak> leaks) {
    private static final Logger LOG = LoggerFactory.getLogger(DataReport.class);

    /** An input that cannot be loaded, and why. */
    public record Unreadable(int index, String message) {}

    /**
     * Examples with equal inputs.
     *
     * @param indices at least two, ascending
     * @param sources where each comes from
     * @param targets the target of each
     */
    public record Group(List<Integer> indices, List<String> sources, List<String> targets) {}

    /** An input of the validation data that training sees too. */
    public record Leak(int train, int validation, String trainSource, String validationSource) {}

    /** Copies the lists. */
    public DataReport {
        unreadable = List.copyOf(unreadable);
        duplicates = List.copyOf(duplicates);
        contradictions = List.copyOf(contradictions);
        leaks = List.copyOf(leaks);
    }

    static DataReport of(Dataset<?, ?> data) {
        return of(data, Content.of(data), List.of());
    }

    /** As {@link Split#inspect}. */
    static DataReport of(Dataset<?, ?> train, Dataset<?, ?> validation) {
        List<Content> learned = Content.of(train);
        List<Content> measured = Content.of(validation);
        Map<String, Integer> first = new LinkedHashMap<>();
        for (int i = 0; i < learned.size(); i++) {
            if (learned.get(i).digest() != null) {
                first.putIfAbsent(learned.get(i).digest(), i);
            }
        }
        List<Leak> leaks = new ArrayList<>();
        for (int i = 0; i < measured.size(); i++) {
            Integer in = measured.get(i).digest() == null
                    ? null
                    : first.get(measured.get(i).digest());
            if (in != null) {
                leaks.add(new Leak(
                        in, i, learned.get(in).source(), measured.get(i).source()));
            }
        }
        return of(train, learned, leaks);
    }

    private static DataReport of(Dataset<?, ?> data, List<Content> contents, List<Leak> leaks) {
        List<Unreadable> unreadable = new ArrayList<>();
        Map<String, List<Integer>> equal = new LinkedHashMap<>();
        for (int i = 0; i < contents.size(); i++) {
            String digest = contents.get(i).digest();
            if (digest == null) {
                unreadable.add(new Unreadable(i, contents.get(i).source()));
            } else {
                equal.computeIfAbsent(digest, k -> new ArrayList<>()).add(i);
            }
        }
        List<Group> duplicates = new ArrayList<>();
        List<Group> contradictions = new ArrayList<>();
        for (List<Integer> indices : equal.values()) {
            if (indices.size() > 1) {
                List<String> targets =
                        indices.stream().map(i -> data.target(i).toString()).toList();
                boolean one = targets.stream().distinct().count() == 1;
                (one ? duplicates : contradictions)
                        .add(new Group(
                                List.copyOf(indices),
                                indices.stream()
                                        .map(i -> contents.get(i).source())
                                        .toList(),
                                targets));
            }
        }
        return new DataReport(data.summary(), unreadable, duplicates, contradictions, leaks);
    }

    static <I, T> Dataset<I, T> readable(Dataset<I, T> data) {
        List<Content> contents = Content.of(data);
        List<Content> bad = contents.stream().filter(c -> c.digest() == null).toList();
        if (bad.isEmpty()) {
            return data;
        }
        LOG.warn("{}: {} inputs cannot be read and are passed over: {}", data, bad.size(), messages(bad));
        return data.subset(
                IntStream.range(0, contents.size()).filter(i -> contents.get(i).digest() != null));
    }

    private static String messages(List<Content> bad) {
        return Shown.some(bad.stream().map(Content::source).toList());
    }

    /** Whether nothing is wrong. */
    public boolean isClean() {
        return unreadable.isEmpty() && duplicates.isEmpty() && contradictions.isEmpty() && leaks.isEmpty();
    }

    /**
     * Refuses inputs that cannot be read.
     *
     * @throws TailorException if there are any; the message counts them and names the first
     */
    public void refuseUnreadable() {
        if (!unreadable.isEmpty()) {
            throw new TailorException(unreadable.size() + " of " + summary.size() + " inputs cannot be read: "
                    + Shown.some(unreadable.stream().map(Unreadable::message).toList())
                    + ". Repair or delete them, or go on without them: dataset.readable().");
        }
    }

    /**
     * Returns what is left of the data set that was inspected without unreadable inputs, without the second and further copies
     * of duplicates, and without contradictions.
     *
     * @throws IllegalArgumentException if the data set has another size
     */
    public <I, T> Dataset<I, T> clean(Dataset<I, T> data) {
        if (data.size() != summary.size()) {
            throw new IllegalArgumentException(
                    "The report is about " + summary.size() + " examples, not " + data.size());
        }
        boolean[] out = new boolean[data.size()];
        unreadable.forEach(u -> out[u.index()] = true);
        contradictions.forEach(g -> g.indices().forEach(i -> out[i] = true));
        duplicates.forEach(g -> g.indices().stream().skip(1).forEach(i -> out[i] = true));
        return data.subset(IntStream.range(0, out.length).filter(i -> !out[i]));
    }

    /** A few lines for a person. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add(summary.toString());
        line(lines, "inputs cannot be read", unreadable, Unreadable::message);
        line(lines, "groups of equal inputs with one target", duplicates, g -> String.join(" = ", g.sources()));
        line(lines, "groups of equal inputs with different targets", contradictions, DataReport::shown);
        line(
                lines,
                "validation inputs are in the training data too, so that its measures flatter",
                leaks,
                l -> l.validationSource() + " = " + l.trainSource());
        return lines.stream().collect(Collectors.joining(System.lineSeparator()));
    }

    private static String shown(Group group) {
        return IntStream.range(0, group.sources().size())
                .mapToObj(i -> group.sources().get(i) + " (" + group.targets().get(i) + ")")
                .collect(Collectors.joining(" = "));
    }

    private static <A> void line(List<String> lines, String what, List<A> items, Function<A, String> show) {
        if (!items.isEmpty()) {
            lines.add(items.size() + " " + what + ": "
                    + Shown.some(items.stream().map(show).toList()));
        }
    }

    /**
     * What an input is.
     *
     * @param digest of its content; null if it cannot be loaded
     * @param source where it comes from, or why it cannot be loaded
     */
    private record Content(@Nullable String digest, String source) {
        static List<Content> of(Dataset<?, ?> data) {
            return IntStream.range(0, data.size())
                    .parallel()
                    .mapToObj(i -> of(data, i))
                    .toList();
        }

        private static Content of(Dataset<?, ?> data, int index) {
            try {
                Example<?, ?> example = data.get(index);
                return new Content(
                        ContentDigest.of(example.input()),
                        example.source().isEmpty() ? "item " + index : example.source());
            } catch (TailorException e) {
                return new Content(null, String.valueOf(e.getMessage()));
            }
        }
    }
}
