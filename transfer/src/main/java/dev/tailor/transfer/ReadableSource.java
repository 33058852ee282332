package dev.tailor.transfer;

import dev.tailor.TailorException;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches without the inputs that cannot be read: one broken file does not end a training. Each is named once in the log. Safe
 * for many threads.
 */
final class ReadableSource implements Loop.Source {
    private static final Logger LOG = LoggerFactory.getLogger(ReadableSource.class);

    private final Loop.Source source;
    private final Dataset<?, ?> data;
    private final Set<Integer> broken = ConcurrentHashMap.newKeySet();

    ReadableSource(Loop.Source source, Dataset<?, ?> data) {
        this.source = source;
        this.data = data;
    }

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public int label(int index) {
        return source.label(index);
    }

    @Override
    public Batch batch(int[] indices, long seed) {
        int[] known = without(indices);
        try {
            return source.batch(known, seed);
        } catch (TailorException e) {
            int before = broken.size();
            for (int index : known) {
                probe(index);
            }
            if (broken.size() == before) {
                // The inputs are all there: something else is wrong.
                throw e;
            }
            return batch(indices, seed);
        }
    }

    /** The indices that are not known to be broken; if none is left, the next good one stands in for them. */
    private int[] without(int[] indices) {
        int[] good = Arrays.stream(indices).filter(i -> !broken.contains(i)).toArray();
        if (good.length > 0) {
            return good;
        }
        for (int step = 1; step < data.size(); step++) {
            int next = (indices[0] + step) % data.size();
            if (!broken.contains(next)) {
                return new int[] {next};
            }
        }
        throw new TailorException("None of the " + data.size() + " inputs can be read; the log says why");
    }

    private void probe(int index) {
        try {
            data.get(index);
        } catch (TailorException e) {
            if (broken.add(index)) {
                LOG.warn("An input is passed over: {}", e.getMessage());
                LOG.debug("The input cannot be read", e);
            }
        }
    }
}
