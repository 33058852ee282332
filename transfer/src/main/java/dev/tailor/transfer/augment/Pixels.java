package dev.tailor.transfer.augment;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** An image as 8 bits for each of red, green and blue, row by row. */
@SuppressWarnings("ArrayRecordComponent")
record Pixels(int width, int height, int[] rgb) {
    static Pixels of(Image image) {
        if (!(image.getWrappedImage() instanceof BufferedImage buffered)) {
            throw new IllegalArgumentException("only images on the heap can be changed, as BufferedImageFactory makes"
                    + " them; found " + image.getClass().getName());
        }
        int width = buffered.getWidth();
        int height = buffered.getHeight();
        return new Pixels(width, height, buffered.getRGB(0, 0, width, height, null, 0, width));
    }

    Image image() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, rgb, 0, width);
        return new BufferedImageFactory().fromImage(image);
    }

    static int channel(int pixel, int channel) {
        return (pixel >> (8 * (2 - channel))) & 0xFF;
    }

    static int pack(int red, int green, int blue) {
        return red << 16 | green << 8 | blue;
    }

    /** The same change of all pixels. */
    Pixels map(IntUnaryOperator change) {
        int[] changed = new int[rgb.length];
        for (int i = 0; i < changed.length; i++) {
            changed[i] = change.applyAsInt(rgb[i]);
        }
        return new Pixels(width, height, changed);
    }

    /** A change of each channel's values by a table of 256 for each channel. */
    Pixels lookUp(int[][] tables) {
        return map(p -> pack(tables[0][channel(p, 0)], tables[1][channel(p, 1)], tables[2][channel(p, 2)]));
    }

    Pixels mirrored() {
        int[] changed = new int[rgb.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                changed[y * width + x] = rgb[y * width + width - 1 - x];
            }
        }
        return new Pixels(width, height, changed);
    }

    Pixels upsideDown() {
        int[] changed = new int[rgb.length];
        for (int y = 0; y < height; y++) {
            System.arraycopy(rgb, (height - 1 - y) * width, changed, y * width, width);
        }
        return new Pixels(width, height, changed);
    }

    Pixels crop(int left, int top, int wide, int high) {
        int[] part = new int[wide * high];
        for (int y = 0; y < high; y++) {
            System.arraycopy(rgb, (top + y) * width + left, part, y * wide, wide);
        }
        return new Pixels(wide, high, part);
    }

    /** A square of the nearest pixels. */
    Pixels nearest(int size) {
        int[] changed = new int[size * size];
        for (int y = 0; y < size; y++) {
            int row = (int) ((y + 0.5) * height / size);
            for (int x = 0; x < size; x++) {
                changed[y * size + x] = rgb[row * width + (int) ((x + 0.5) * width / size)];
            }
        }
        return new Pixels(size, size, changed);
    }

    /**
     * The nearest pixel under an affine map from the result to this image; black where there is none. As Pillow's
     * {@code Image.transform} with {@code AFFINE}.
     */
    Pixels affine(double a, double b, double c, double d, double e, double f) {
        return affine(a, b, c, d, e, f, 0);
    }

    /** The same with another value where there is no pixel. */
    Pixels affine(double a, double b, double c, double d, double e, double f, int outside) {
        int[] changed = new int[rgb.length];
        Arrays.fill(changed, outside);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double fromX = a * (x + 0.5) + b * (y + 0.5) + c;
                double fromY = d * (x + 0.5) + e * (y + 0.5) + f;
                if (fromX >= 0 && fromX < width && fromY >= 0 && fromY < height) {
                    changed[y * width + x] = rgb[((int) fromY) * width + ((int) fromX)];
                }
            }
        }
        return new Pixels(width, height, changed);
    }
}
