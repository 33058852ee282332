package dev.tailor.transfer.search;

import dev.tailor.transfer.train.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The settings of a search by name, each with what it may be. Immutable: every method returns a copy. */
public final class SearchSpace {
    /** What one setting may be. */
    sealed interface Domain {
        /** A value as text, drawn at random. */
        String draw(SplittableRandom random);
    }

    /** Numbers between two bounds; in logarithmic steps or even ones. */
    record Real(double low, double high, boolean logarithmic) implements Domain {
        @Override
        public String draw(SplittableRandom random) {
            double share = random.nextDouble();
            return Double.toString(logarithmic ? low * Math.pow(high / low, share) : low + (high - low) * share);
        }
    }

    /** Whole numbers, bounds included. */
    record Whole(int low, int high) implements Domain {
        @Override
        public String draw(SplittableRandom random) {
            return Long.toString(random.nextLong(low, (long) high + 1));
        }
    }

    /** One of some. */
    record Choice(List<String> values) implements Domain {
        @Override
        public String draw(SplittableRandom random) {
            return values.get(random.nextInt(values.size()));
        }
    }

    private final Map<String, Domain> domains;

    private SearchSpace(Map<String, Domain> domains) {
        this.domains = Collections.unmodifiableMap(domains);
    }

    /** A space without settings. */
    public static SearchSpace empty() {
        return new SearchSpace(new LinkedHashMap<>());
    }

    /**
     * Numbers whose logarithm is uniform, as learning rates want it.
     *
     * @throws IllegalArgumentException unless {@code 0 < low < high}
     */
    public SearchSpace logUniform(String name, double low, double high) {
        check(low > 0 && low < high && Double.isFinite(high), name, low, high);
        return with(name, new Real(low, high, true));
    }

    /**
     * Numbers of equal likelihood.
     *
     * @throws IllegalArgumentException unless {@code low < high}
     */
    public SearchSpace uniform(String name, double low, double high) {
        check(low < high && Double.isFinite(high - low), name, low, high);
        return with(name, new Real(low, high, false));
    }

    /**
     * Whole numbers, both bounds included.
     *
     * @throws IllegalArgumentException unless {@code low <= high}
     */
    public SearchSpace integer(String name, int low, int high) {
        check(low <= high, name, low, high);
        return with(name, new Whole(low, high));
    }

    /**
     * One of some values, told apart by their texts.
     *
     * @throws IllegalArgumentException if there are none
     */
    public SearchSpace choice(String name, Object... values) {
        check(values.length > 0, name, 0, 0);
        List<String> texts = new ArrayList<>();
        for (Object value : values) {
            texts.add(value.toString());
        }
        return with(name, new Choice(List.copyOf(texts)));
    }

    private static void check(boolean holds, String name, double low, double high) {
        if (!holds) {
            throw new IllegalArgumentException("The setting " + name + " has no values: from " + low + " to " + high);
        }
    }

    private SearchSpace with(String name, Domain domain) {
        Map<String, Domain> copy = new LinkedHashMap<>(domains);
        if (copy.put(name, domain) != null) {
            throw new IllegalArgumentException("The setting " + name + " is there already");
        }
        return new SearchSpace(copy);
    }

    Map<String, Domain> domains() {
        return domains;
    }

    /** The values of a trial, which depend on nothing but the seed and its number. */
    Map<String, String> draw(long seed, int trial) {
        Map<String, String> values = new LinkedHashMap<>();
        SplittableRandom random = new SplittableRandom(Seeds.mix(seed, trial));
        domains.forEach((name, domain) -> values.put(name, domain.draw(random)));
        return values;
    }

    /** The settings and what they may be. */
    @Override
    public String toString() {
        return domains.toString();
    }
}
