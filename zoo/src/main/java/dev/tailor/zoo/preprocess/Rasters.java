package dev.tailor.zoo.preprocess;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * Pixels of a {@link BufferedImage} as Pillow's {@code convert("RGB")} sees them.
 *
 * <p>{@code BufferedImage.getRGB} would apply colour spaces: a grey value of 128 becomes 188 there.
 */
final class Rasters {
    private Rasters() {}

    static RgbImage rgb(BufferedImage image) {
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] out = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        int space = model.getColorSpace().getType();
        if (model instanceof IndexColorModel palette) {
            indexed(raster, palette, out);
        } else if (!storedAsShown(model, space)) {
            managed(image, out);
        } else if (!interleaved(raster, out)) {
            samples(raster, space == ColorSpace.TYPE_GRAY, out);
        }
        return new RgbImage(width, height, out);
    }

    private static boolean storedAsShown(ColorModel model, int space) {
        int type = model.getTransferType();
        return (space == ColorSpace.TYPE_RGB || space == ColorSpace.TYPE_GRAY)
                && !(model.hasAlpha() && model.isAlphaPremultiplied())
                && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT || type == DataBuffer.TYPE_INT);
    }

    private static void indexed(Raster raster, IndexColorModel palette, byte[] out) {
        int[] colors = new int[palette.getMapSize()];
        palette.getRGBs(colors);
        int width = raster.getWidth();
        int[] row = new int[width];
        int q = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
            for (int index : row) {
                q = put(index < colors.length ? colors[index] : 0, out, q);
            }
        }
    }

    /** Colour spaces that Pillow has no counterpart for. */
    private static void managed(BufferedImage image, byte[] out) {
        int width = image.getWidth();
        int[] row = new int[width];
        int q = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int color : row) {
                q = put(color, out, q);
            }
        }
    }

    private static int put(int color, byte[] out, int q) {
        out[q] = (byte) (color >> 16);
        out[q + 1] = (byte) (color >> 8);
        out[q + 2] = (byte) color;
        return q + 3;
    }

    /** The common case, bytes side by side, straight from the array; false if the raster is of another kind. */
    private static boolean interleaved(Raster raster, byte[] out) {
        if (!(raster.getSampleModel() instanceof PixelInterleavedSampleModel model)
                || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
                || raster.getParent() != null) {
            return false;
        }
        byte[] data = buffer.getData();
        int[] offsets = model.getBandOffsets();
        boolean grey = offsets.length < 3;
        int red = offsets[0];
        int green = offsets[grey ? 0 : 1];
        int blue = offsets[grey ? 0 : 2];
        int step = model.getPixelStride();
        int q = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            int p = buffer.getOffset() + y * model.getScanlineStride();
            for (int x = 0; x < raster.getWidth(); x++, p += step, q += 3) {
                out[q] = data[p + red];
                out[q + 1] = data[p + green];
                out[q + 2] = data[p + blue];
            }
        }
        return true;
    }

    private static void samples(Raster raster, boolean grey, byte[] out) {
        int bands = raster.getNumBands();
        int bits = raster.getSampleModel().getSampleSize(0);
        // Pillow's mode I;16 is cut off at 255, while 16 bits with more channels keep the high byte.
        boolean clipped = grey && bands == 1 && bits == 16;
        int width = raster.getWidth();
        int[] row = new int[width * bands];
        int[] sizes = raster.getSampleModel().getSampleSize();
        int q = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    int band = grey ? 0 : c;
                    int value = row[x * bands + band];
                    out[q++] = (byte) (clipped ? Math.min(value, 255) : eightBits(value, sizes[band]));
                }
            }
        }
    }

    private static int eightBits(int value, int bits) {
        return bits == 8 ? value : bits > 8 ? value >>> (bits - 8) : value * 255 / ((1 << bits) - 1);
    }
}
