package dev.tailor.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tailor.TailorException;
import dev.tailor.program.Losses;
import dev.tailor.transfer.augment.Mixing;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Batches whose targets are shares of classes, mixed with each other or, where they measure, whole.
 *
 * @param mixes whether pictures are mixed
 */
record MixedSource(Loop.Source source, Mixing mixing, int classes, boolean mixes) implements Loop.Source {
    private static final String PIXELS = "pixel_values";
    /** Marks the draws of a mixing among those of one seed. */
    private static final long OWN = 0x6D69786564L;

    static Loop.Source of(Loop.Source source, @Nullable Mixing mixing, List<String> labels, boolean mixes) {
        return mixing == null ? source : new MixedSource(source, mixing, labels.size(), mixes);
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
        Batch plain = source.batch(indices, seed);
        return new Batch(
                manager -> mixed(plain, manager, new SplittableRandom(seed ^ OWN)), plain.labels(), plain.values());
    }

    private Map<String, NDArray> mixed(Batch plain, NDManager manager, SplittableRandom random) {
        Map<String, NDArray> arrays = new LinkedHashMap<>(plain.inputs().apply(manager));
        int count = plain.labels().length;
        double share = 1;
        if (mixes) {
            NDArray pixels = arrays.get(PIXELS);
            if (pixels == null) {
                throw new TailorException("Only pictures can be mixed; the network reads " + arrays.keySet());
            }
            Shape shape = pixels.getShape();
            int width = (int) shape.get(shape.dimension() - 1);
            int height = (int) shape.get(shape.dimension() - 2);
            float[] values = pixels.toFloatArray();
            share = MixedPixels.mix(mixing, values, count, height, width, random);
            arrays.put(PIXELS, manager.create(values, shape));
        }
        arrays.put(Losses.LABELS, manager.create(targets(plain.labels(), share), new Shape(count, classes)));
        return arrays;
    }

    private float[] targets(long[] labels, double share) {
        float[] targets = new float[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            targets[i * classes + (int) labels[i]] += (float) share;
            int before = (i + labels.length - 1) % labels.length;
            targets[i * classes + (int) labels[before]] += (float) (1 - share);
        }
        return targets;
    }
}
