package dev.tailor.zoo.preprocess;

import com.google.gson.JsonObject;
import dev.tailor.json.Json;
import dev.tailor.task.PixelLabels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Turns a picture into what a vision model takes, as the image processors of transformers do with Pillow.
 *
 * <p>Immutable and safe for many threads at once.
 */
public final class ImageProcessor {
    private static final int CHANNELS = 3;
    /** Beyond any model's input; a picture of one pixel by a million would otherwise fill the heap. */
    private static final long MAX_OUTPUT_PIXELS = 1 << 25;

    private static final long MAX_SIDE = 1 << 24;

    private final ImageSettings settings;
    /** Everything after the crop depends on a byte and its channel only. */
    private final float[][] values;

    private ImageProcessor(ImageSettings settings) {
        this.settings = settings;
        this.values = new float[CHANNELS][256];
        for (int c = 0; c < CHANNELS; c++) {
            float mean = settings.mean().get(c).floatValue();
            float std = settings.std().get(c).floatValue();
            for (int v = 0; v < 256; v++) {
                float value = (float) (v * settings.rescaleFactor());
                value = settings.rescaleOffset() ? value - 1 : value;
                value = (value - mean) / std;
                values[c][v] = settings.stdTwice() ? value / std : value;
            }
        }
    }

    /** Makes a processor from settings of one's own. */
    public static ImageProcessor of(ImageSettings settings) {
        return new ImageProcessor(Objects.requireNonNull(settings, "settings"));
    }

    /**
     * Reads a repository's {@code preprocessor_config.json}; what it leaves out takes the defaults of its class.
     *
     * @throws ImageException if the class is unknown and the file does not spell out every setting, or a value is wrong
     * @throws dev.tailor.TailorException if the file cannot be read or is no JSON object
     */
    public static ImageProcessor from(Path preprocessorConfigJson) {
        return of(Json.readObject(preprocessorConfigJson), preprocessorConfigJson.toString());
    }

    /**
     * Reads a {@code preprocessor_config.json}; a file that names no class takes the one of this {@code model_type}.
     *
     * @throws ImageException see {@link #from(Path)}
     * @throws dev.tailor.TailorException if the file cannot be read or is no JSON object
     */
    public static ImageProcessor from(Path preprocessorConfigJson, String modelType) {
        JsonObject config = Json.readObject(preprocessorConfigJson);
        String name = preprocessorConfigJson.toString();
        return of(ImageProcessorConfig.read(config, modelType, name));
    }

    static ImageProcessor of(JsonObject config, String name) {
        return of(ImageProcessorConfig.read(config, null, name));
    }

    /** What this processor does. */
    public ImageSettings settings() {
        return settings;
    }

    /** The rows of every result, empty if they depend on the image. */
    public OptionalInt height() {
        if (settings.crop() != null) {
            return OptionalInt.of(settings.crop().height());
        }
        return settings.resize() instanceof Resize.Exact exact ? OptionalInt.of(exact.height()) : OptionalInt.empty();
    }

    /** The columns of every result, empty if they depend on the image. */
    public OptionalInt width() {
        if (settings.crop() != null) {
            return OptionalInt.of(settings.crop().width());
        }
        return settings.resize() instanceof Resize.Exact exact ? OptionalInt.of(exact.width()) : OptionalInt.empty();
    }

    /**
     * Makes {@code pixel_values} of shape {@code [3, height, width]}.
     *
     * @throws ImageException if the image is so long and narrow that the result would have no pixel or too many
     */
    public PixelValues apply(RgbImage image) {
        Plan plan = plan(image.width(), image.height());
        float[] data = new float[CHANNELS * plan.height * plan.width];
        run(image, plan, data, 0);
        return new PixelValues(CHANNELS, plan.height, plan.width, data);
    }

    /**
     * Writes {@code pixel_values} into a batch, from {@code offset} on; for processors with a fixed size.
     *
     * @throws IllegalArgumentException if the result does not fit
     * @throws ImageException as {@link #apply(RgbImage)}
     */
    public void applyInto(RgbImage image, float[] batch, int offset) {
        Plan plan = plan(image.width(), image.height());
        int length = CHANNELS * plan.height * plan.width;
        if (offset < 0 || length > batch.length - offset) {
            throw new IllegalArgumentException("An image of " + plan.height + " x " + plan.width + " needs " + length
                    + " values from " + offset + " on, the batch has " + batch.length + ".");
        }
        run(image, plan, batch, offset);
    }

    /**
     * Brings the labels of a picture's pixels to the place and size of its {@code pixel_values}, by the nearest pixel.
     *
     * @param outside the id of what a crop adds around the picture
     * @throws ImageException as {@link #apply(RgbImage)}
     */
    public PixelLabels apply(PixelLabels labels, int outside) {
        Plan plan = plan(labels.width(), labels.height());
        int[] ids = new int[plan.height * plan.width];
        Arrays.fill(ids, outside);
        float down = (float) labels.height() / plan.resizedHeight;
        float across = (float) labels.width() / plan.resizedWidth;
        for (int y = 0; y < plan.window.height(); y++) {
            int row = nearest(plan.window.top() + y, down, labels.height());
            int to = (plan.padTop + y) * plan.width + plan.padLeft;
            for (int x = 0; x < plan.window.width(); x++) {
                int column = nearest(plan.window.left() + x, across, labels.width());
                ids[to + x] = labels.ids()[row * labels.width() + column];
            }
        }
        return new PixelLabels(plan.width, plan.height, ids);
    }

    /** As PyTorch's interpolation {@code nearest-exact}, which rounds to float32. */
    private static int nearest(int at, float scale, int size) {
        return Math.min((int) (float) ((at + 0.5) * scale), size - 1);
    }

    private void run(RgbImage image, Plan plan, float[] out, int offset) {
        int area = plan.height * plan.width;
        if (plan.padded()) {
            for (int c = 0; c < CHANNELS; c++) {
                Arrays.fill(out, offset + c * area, offset + (c + 1) * area, values[channel(c)][0]);
            }
        }
        Resampler.Window window = plan.window;
        if (window.width() == 0 || window.height() == 0) {
            return;
        }
        boolean whole = plan.resizedWidth == image.width() && plan.resizedHeight == image.height();
        RgbImage part = whole && window.width() == image.width() && window.height() == image.height()
                ? image
                : Resampler.resize(image, plan.resizedWidth, plan.resizedHeight, settings.resampling(), window);
        byte[] data = part.data();
        for (int c = 0; c < CHANNELS; c++) {
            float[] table = values[channel(c)];
            int p = channel(c);
            int q = offset + c * area + plan.padTop * plan.width + plan.padLeft;
            for (int y = 0; y < window.height(); y++, q += plan.width) {
                for (int x = 0; x < window.width(); x++, p += CHANNELS) {
                    out[q + x] = table[data[p] & 0xff];
                }
            }
        }
    }

    private int channel(int plane) {
        return settings.bgr() ? CHANNELS - 1 - plane : plane;
    }

    private Plan plan(int imageWidth, int imageHeight) {
        Resize.Size target = settings.resize().target(imageHeight, imageWidth);
        CenterCrop crop = settings.crop();
        boolean possible = Math.min(target.height(), target.width()) >= 1
                && Math.max(target.height(), target.width()) <= MAX_SIDE
                && MAX_OUTPUT_PIXELS
                        >= (crop == null ? target.height() * target.width() : (long) crop.height() * crop.width());
        if (!possible) {
            throw new ImageException("An image of " + imageWidth + " x " + imageHeight
                    + " (width x height) would become "
                    + target.width() + " x " + target.height() + " by " + settings.resize() + ", then crop " + crop
                    + "; sides from 1 to " + MAX_SIDE + " and at most " + MAX_OUTPUT_PIXELS
                    + " pixels are possible. Cut the image to a more usual shape first.");
        }
        int height = (int) target.height();
        int width = (int) target.width();
        if (crop == null) {
            return new Plan(height, width, height, width, new Resampler.Window(0, 0, width, height), 0, 0);
        }
        int top = crop.start(height, crop.height());
        int left = crop.start(width, crop.width());
        var window = new Resampler.Window(
                Math.max(left, 0), Math.max(top, 0), Math.min(width, crop.width()), Math.min(height, crop.height()));
        return new Plan(height, width, crop.height(), crop.width(), window, Math.max(-top, 0), Math.max(-left, 0));
    }

    /** One image's way: the resized size, the size of the result, and the window of the former that shows in the latter. */
    private record Plan(
            int resizedHeight,
            int resizedWidth,
            int height,
            int width,
            Resampler.Window window,
            int padTop,
            int padLeft) {
        boolean padded() {
            return window.width() < width || window.height() < height;
        }
    }
}
