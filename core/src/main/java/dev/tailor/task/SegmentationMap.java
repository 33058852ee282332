package dev.tailor.task;

import java.util.List;
import java.util.Objects;

/**
 * Which label each pixel of a picture has in truth: what an {@link ImageSegmenter} learns from. The pixels may lie in a file that
 * is read when they are asked for. Implementations are immutable and safe for many threads.
 */
public interface SegmentationMap {
    /** The id of pixels that do not count, neither in the loss nor in measures. */
    int IGNORED = 255;

    /**
     * The labels' names by id, the same for all pictures of a data set. Where a model's image processor reduces labels, the id 0
     * in {@link #read} stands for none of them, and the id {@code k} for name {@code k - 1}.
     */
    List<String> labels();

    /**
     * The id of each pixel, or {@link #IGNORED}; of the size of the picture.
     *
     * @throws dev.tailor.TailorException if they cannot be read
     */
    PixelLabels read();

    /** A map that is in memory; the ids are not copied. */
    static SegmentationMap of(int width, int height, int[] ids, List<String> labels) {
        return new Given(new PixelLabels(width, height, ids), labels);
    }

    /** See {@link #of}. */
    record Given(PixelLabels read, List<String> labels) implements SegmentationMap {
        /** Copies the names. */
        public Given {
            Objects.requireNonNull(read, "read");
            labels = List.copyOf(labels);
        }
    }
}
