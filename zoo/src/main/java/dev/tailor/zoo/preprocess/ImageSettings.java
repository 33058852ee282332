package dev.tailor.zoo.preprocess;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link ImageProcessor} does, in this order: resize, centre crop, rescale, normalise, channel order.
 *
 * <p>A channel value {@code v} of 0 to 255 becomes {@code (v * rescaleFactor - offset - mean) / std}, in float32, where
 * {@code offset} is 1 with {@code rescaleOffset} and 0 without.
 *
 * @param resize to which size
 * @param resampling with which filter
 * @param crop what to cut out afterwards, null for nothing
 * @param rescaleFactor by what a value is multiplied, 1 for nothing
 * @param rescaleOffset whether 1 is subtracted after rescaling (EfficientNet)
 * @param mean three values, red first; zeros for nothing
 * @param std three values, red first; ones for nothing
 * @param stdTwice whether the division by {@code std} is done twice (EfficientNet's {@code include_top})
 * @param bgr whether blue comes first in the result
 * @param reduceLabels whether in maps of labels the id 0 stands for none, and each other id for the label before it
 */
public record ImageSettings(
        Resize resize,
        Resampling resampling,
        @Nullable CenterCrop crop,
        double rescaleFactor,
        boolean rescaleOffset,
        List<Double> mean,
        List<Double> std,
        boolean stdTwice,
        boolean bgr,
        boolean reduceLabels) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if mean or std has not three finite values, a std is 0, or the factor is not finite
     */
    public ImageSettings {
        Objects.requireNonNull(resize, "resize");
        Objects.requireNonNull(resampling, "resampling");
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != 3 || std.size() != 3) {
            throw new IllegalArgumentException(
                    "mean and std need one value for each of 3 channels, got " + mean + " and " + std + ".");
        }
        if (!mean.stream().allMatch(Double::isFinite)
                || !std.stream().allMatch(v -> Double.isFinite(v) && v != 0)
                || !Double.isFinite(rescaleFactor)) {
            throw new IllegalArgumentException("Values must be finite and std not 0, got mean " + mean + ", std " + std
                    + ", rescale factor " + rescaleFactor + ".");
        }
    }

    /** Starts with what is neutral: size kept, values divided by 255, RGB. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings; not safe for several threads. */
    public static final class Builder {
        private Resize resize = Resize.none();
        private Resampling resampling = Resampling.BILINEAR;
        private @Nullable CenterCrop crop;
        private double rescaleFactor = 1 / 255.0;
        private boolean rescaleOffset;
        private List<Double> mean = List.of(0.0, 0.0, 0.0);
        private List<Double> std = List.of(1.0, 1.0, 1.0);
        private boolean stdTwice;
        private boolean bgr;
        private boolean reduceLabels;

        private Builder() {}

        /** Resizes with this filter. */
        public Builder resize(Resize resize, Resampling resampling) {
            this.resize = resize;
            this.resampling = resampling;
            return this;
        }

        /** Cuts out the middle after resizing; null for nothing. */
        public Builder crop(@Nullable CenterCrop crop) {
            this.crop = crop;
            return this;
        }

        /** Multiplies each value by this factor, and subtracts 1 with {@code offset}. */
        public Builder rescale(double factor, boolean offset) {
            this.rescaleFactor = factor;
            this.rescaleOffset = offset;
            return this;
        }

        /** Subtracts the mean and divides by the standard deviation of each channel, red first. */
        public Builder normalize(List<Double> mean, List<Double> std) {
            this.mean = mean;
            this.std = std;
            return this;
        }

        /** Divides by the standard deviation once more. */
        public Builder stdTwice(boolean stdTwice) {
            this.stdTwice = stdTwice;
            return this;
        }

        /** Puts blue first. */
        public Builder bgr(boolean bgr) {
            this.bgr = bgr;
            return this;
        }

        /** Takes 1 off the ids in maps of labels, and 0 for no label. */
        public Builder reduceLabels(boolean reduceLabels) {
            this.reduceLabels = reduceLabels;
            return this;
        }

        /**
         * Makes the settings.
         *
         * @throws IllegalArgumentException see {@link ImageSettings}
         */
        public ImageSettings build() {
            return new ImageSettings(
                    resize, resampling, crop, rescaleFactor, rescaleOffset, mean, std, stdTwice, bgr, reduceLabels);
        }
    }
}
