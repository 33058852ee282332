package dev.tailor.program;

import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.TensorInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Finds a network's weights in a checkpoint while it is traced, and remembers all that does not fit. */
final class WeightTable {
    /** Buffers that old writers saved although they can be computed, and counters that inference does not need. */
    private static final List<String> DERIVED = List.of(
            "num_batches_tracked",
            "position_ids",
            "token_type_ids",
            "relative_position_index",
            "rotary_emb.inv_freq",
            "masked_bias",
            "attn.bias",
            "attn_mask",
            "relative_coords_table",
            "n_averaged",
            "total_ops",
            "total_params");

    private final Checkpoint checkpoint;
    private final Architecture architecture;
    private final Predicate<String> fresh;
    private final KeySpellings spellings;
    private final Map<String, WeightSpec> specs = new LinkedHashMap<>();
    private final Set<String> used = new LinkedHashSet<>();
    private final Map<String, List<Long>> missing = new LinkedHashMap<>();
    private final List<String> misshaped = new ArrayList<>();

    /** {@code fresh} says which keys get new values even where the checkpoint holds some. */
    WeightTable(Checkpoint checkpoint, Architecture architecture, Predicate<String> fresh) {
        this.checkpoint = checkpoint;
        this.architecture = architecture;
        this.fresh = fresh;
        this.spellings = new KeySpellings(checkpoint.names(), architecture.prefix());
    }

    Map<String, WeightSpec> specs() {
        return specs;
    }

    boolean has(String key) {
        return fresh.test(key) || !stored(key).isEmpty();
    }

    void use(String key, WeightSpec.Role role, Init init, List<Long> shape) {
        WeightSpec before = specs.get(key);
        if (before != null) {
            if (!before.shape().equals(shape)) {
                throw new IllegalStateException(
                        "the network uses " + key + " as " + before.shape() + " and as " + shape);
            }
            return;
        }
        String stored = fresh.test(key) ? "" : stored(key);
        if (stored.isEmpty() && !fresh.test(key) && !mayBeNew(key)) {
            missing.put(key, shape);
        } else if (!stored.isEmpty()) {
            TensorInfo info = checkpoint.info(stored).orElseThrow();
            if (!fits(info.shape(), shape)) {
                misshaped.add(
                        key + ": expected " + shape + ", found " + info.shape() + " in " + checkpoint.location(stored));
            }
            if (role == WeightSpec.Role.PARAMETER && !info.dtype().isFloating()) {
                misshaped.add(key + ": expected floating-point numbers, found " + info.dtype() + " in "
                        + checkpoint.location(stored) + "; take a variant of the model that is not quantised");
            }
            used.add(stored);
        }
        specs.put(key, new WeightSpec(key, stored, shape, role, init));
    }

    /** A 1 x 1 convolution is a linear layer and may be stored as one. */
    private static boolean fits(List<Long> stored, List<Long> shape) {
        return stored.equals(shape)
                || (stored.size() == 4
                        && shape.size() == 2
                        && stored.equals(List.of(shape.get(0), shape.get(1), 1L, 1L)));
    }

    /** Marks a stored tensor as understood without being used, such as a tied copy. */
    void acknowledge(String key) {
        String stored = stored(key);
        if (!stored.isEmpty()) {
            used.add(stored);
        }
    }

    private boolean newHeads;

    /** Lets weights of a head that the checkpoint lacks be new. */
    void allowNewHeads() {
        newHeads = true;
    }

    private boolean newAdapter;

    /** Lets an adapter's matrices that the checkpoint lacks be new. */
    void allowNewAdapter() {
        newAdapter = true;
    }

    private boolean mayBeNew(String key) {
        return (newAdapter && Adapter.owns(key)) || (newHeads && ofHead(key));
    }

    private boolean ofHead(String key) {
        return architecture.headKeys().stream().anyMatch(path -> KeySpellings.within(key, path));
    }

    private String stored(String key) {
        return spellings.stored(key);
    }

    /**
     * Stored tensors that nothing used.
     *
     * @param otherHead whether the checkpoint was saved with another head than the one traced: then what lies outside the
     *     backbone's own parts belongs to that head
     * @param ignored receives those that do no harm
     */
    private List<String> unexpected(boolean otherHead, List<String> ignored) {
        Set<String> parts = new LinkedHashSet<>();
        used.forEach(name -> parts.add(part(name)));
        List<String> result = new ArrayList<>();
        for (String name : checkpoint.names()) {
            if (used.contains(name) || derived(name)) {
                continue;
            }
            boolean foreign = otherHead && (!parts.contains(part(name)) || ofHead(spellings.bare(name)));
            if (foreign
                    || architecture.ignorable().stream()
                            .anyMatch(path -> KeySpellings.within(spellings.bare(name), path))) {
                ignored.add(name);
            } else {
                result.add(name);
            }
        }
        return result;
    }

    private static boolean derived(String name) {
        return DERIVED.stream().anyMatch(end -> name.equals(end) || name.endsWith("." + end));
    }

    /** Throws one exception with everything that does not fit; returns the harmless leftovers. */
    List<String> check(boolean otherHead, String model) {
        List<String> ignored = new ArrayList<>();
        List<String> unexpected = unexpected(otherHead, ignored);
        if (missing.isEmpty() && misshaped.isEmpty() && unexpected.isEmpty()) {
            return ignored;
        }
        Map<String, String> lost = new TreeMap<>();
        missing.forEach((key, shape) -> lost.put(key, shape + Suggestions.nearest(key, unexpected)));
        throw new WeightMismatchException(model, lost, misshaped, unexpected);
    }

    private String part(String name) {
        String bare = spellings.bare(name);
        int dot = bare.indexOf('.');
        return dot < 0 ? bare : bare.substring(0, dot);
    }
}
