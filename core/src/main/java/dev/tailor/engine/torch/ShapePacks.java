package dev.tailor.engine.torch;

import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A module's weights in orders that suit one size of its input each. oneDNN's convolutions choose the order of their weights by
 * the size of the picture and by whether it is alone; weights in the wrong order cost a conversion at every call.
 *
 * <p>A size that comes back is worth an order of its own, but each costs memory: the first few get one and keep it.
 */
final class ShapePacks implements AutoCloseable {
    /** One picture and several pictures of the size that a model is made for. */
    private static final int MOST = 2;
    /** Sizes that are counted while none has come back. */
    private static final int REMEMBERED = 256;

    private final Map<List<Object>, IValue> packs = new ConcurrentHashMap<>();
    private final Map<List<Object>, Integer> seen = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * The weights for a call, where they are worth it.
     *
     * @param sizes the sizes of the arguments
     * @param pack makes them; called on the caller's thread
     */
    Optional<IValue> of(String function, List<long[]> sizes, Supplier<IValue> pack) {
        List<Object> key = key(function, sizes);
        IValue known = packs.get(key);
        // Who finds another one at work goes on without: a call never waits.
        if (known != null || packs.size() >= MOST || !lock.tryLock()) {
            return Optional.ofNullable(known);
        }
        try {
            if (seen.size() >= REMEMBERED) {
                seen.clear();
            }
            if (seen.merge(key, 1, Integer::sum) > 1 && packs.size() < MOST && !packs.containsKey(key)) {
                packs.put(key, pack.get());
            }
            return Optional.ofNullable(packs.get(key));
        } finally {
            lock.unlock();
        }
    }

    /** All batches of more than one are alike. */
    private static List<Object> key(String function, List<long[]> sizes) {
        List<Object> key = new ArrayList<>();
        key.add(function);
        for (long[] size : sizes) {
            List<Long> axes = new ArrayList<>();
            for (int i = 0; i < size.length; i++) {
                axes.add(i == 0 ? Math.min(size[i], 2) : size[i]);
            }
            key.add(axes);
        }
        return key;
    }

    @Override
    public void close() {
        packs.values().forEach(IValue::close);
        packs.clear();
    }
}
