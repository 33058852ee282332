package dev.tailor.engine.torch;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What different modules of this process made of the same stored tensors, held once: a base network and the same one with
 * adapters beside its weights, or a backbone under two heads. The last module that lets go of a tensor frees it.
 */
final class SharedTensors {
    private static final SharedTensors PROCESS = new SharedTensors();
    private static final int STRIPES = 32;

    private final Map<String, Entry> entries = new HashMap<>();
    private final List<Object> stripes =
            IntStream.range(0, STRIPES).mapToObj(i -> new Object()).toList();

    private SharedTensors() {}

    static SharedTensors process() {
        return PROCESS;
    }

    /** An array that others count their use of. */
    static final class Counted {
        private final PtNDArray array;
        private int users;

        /** Takes the array out of its manager at the first use. */
        Counted(PtNDArray array) {
            this.array = array;
        }

        private void use() {
            if (users++ == 0) {
                array.detach();
            }
        }

        private void release() {
            if (--users == 0) {
                array.close();
            }
        }
    }

    /** A tensor and the arrays over mapped files that it may be a view of: those keep the mapping alive. */
    private record Entry(Counted tensor, List<Counted> borrowed) {}

    /** Modules of the same files load one after the other, so that the second finds what the first made. */
    Object lock(Object files) {
        return stripes.get(Math.floorMod(files.hashCode(), STRIPES));
    }

    /** Counts one user more of each tensor that is there; each must be {@linkplain #release released} once. */
    synchronized Map<String, PtNDArray> take(Collection<String> keys) {
        Map<String, PtNDArray> found = new LinkedHashMap<>();
        for (String key : keys) {
            Entry entry = entries.get(key);
            if (entry != null && !found.containsKey(key)) {
                entry.tensor().use();
                found.put(key, entry.tensor().array);
            }
        }
        return found;
    }

    /**
     * Adds a tensor with one user.
     *
     * @param borrowed arrays whose memory it may share
     * @return false if another thread has added one, and this stays the caller's
     */
    synchronized boolean put(String key, PtNDArray array, List<Counted> borrowed) {
        if (entries.containsKey(key)) {
            return false;
        }
        Entry entry = new Entry(new Counted(array), borrowed);
        entry.tensor().use();
        borrowed.forEach(Counted::use);
        entries.put(key, entry);
        return true;
    }

    synchronized void release(Collection<String> keys) {
        for (String key : keys) {
            Entry entry = entries.get(key);
            if (entry != null) {
                entry.tensor().release();
                if (entry.tensor().users == 0) {
                    entries.remove(key);
                    entry.borrowed().forEach(Counted::release);
                }
            }
        }
    }

    /** How many tensors are held. */
    synchronized int size() {
        return entries.size();
    }

    /** How many are held by at least so many modules. */
    synchronized long size(int users) {
        return entries.values().stream().filter(e -> e.tensor().users >= users).count();
    }
}
