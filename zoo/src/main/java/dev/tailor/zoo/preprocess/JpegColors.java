package dev.tailor.zoo.preprocess;

import java.awt.image.Raster;
import java.io.IOException;

/** From the stored components of a JPEG to RGB, with libjpeg's fixed-point YCbCr and Pillow's CMYK. */
enum JpegColors {
    GREY(1),
    RGB(3),
    YCBCR(3),
    CMYK(4),
    YCCK(4);

    private final int components;

    JpegColors(int components) {
        this.components = components;
    }

    static RgbImage rgb(Raster raster, JpegColors colors) throws IOException {
        if (raster.getNumBands() != colors.components) {
            throw new IOException(
                    "its header declares " + colors.components + " components, its data has " + raster.getNumBands());
        }
        int width = raster.getWidth();
        byte[] out = new byte[3 * width * raster.getHeight()];
        byte[] row = new byte[width * colors.components];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getDataElements(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            int q = 3 * width * y;
            switch (colors) {
                case GREY -> grey(row, out, q);
                case RGB -> System.arraycopy(row, 0, out, q, row.length);
                case YCBCR -> ycc(row, 3, out, q);
                case CMYK -> inverted(row, out, q);
                case YCCK -> {
                    ycc(row, 4, out, q);
                    for (int x = 0; x < width; x++, q += 3) {
                        // libjpeg's inks are 255 - RGB.
                        darken(out, q, (byte) ~out[q], (byte) ~out[q + 1], (byte) ~out[q + 2], row[4 * x + 3]);
                    }
                }
            }
        }
        return new RgbImage(width, raster.getHeight(), out);
    }

    private static void grey(byte[] row, byte[] out, int start) {
        int q = start;
        for (byte value : row) {
            out[q] = value;
            out[q + 1] = value;
            out[q + 2] = value;
            q += 3;
        }
    }

    private static void ycc(byte[] row, int step, byte[] out, int start) {
        int q = start;
        for (int p = 0; p < row.length; p += step, q += 3) {
            int luma = row[p] & 0xff;
            int cb = (row[p + 1] & 0xff) - 128;
            int cr = (row[p + 2] & 0xff) - 128;
            out[q] = clip(luma + ((91881 * cr + 32768) >> 16));
            out[q + 1] = clip(luma + ((-22554 * cb - 46802 * cr + 32768) >> 16));
            out[q + 2] = clip(luma + ((116130 * cb + 32768) >> 16));
        }
    }

    /** Adobe's convention, which Pillow assumes for every CMYK JPEG: 255 means no ink. */
    private static void inverted(byte[] row, byte[] out, int start) {
        int q = start;
        for (int p = 0; p < row.length; p += 4, q += 3) {
            darken(out, q, row[p], row[p + 1], row[p + 2], row[p + 3]);
        }
    }

    /** Pillow's {@code cmyk2rgb} with inverted inks: {@code light - (255 - ink) * light / 255}, rounded. */
    private static void darken(byte[] out, int q, byte cyan, byte magenta, byte yellow, byte key) {
        int light = key & 0xff;
        out[q] = clip(light - scaled(255 - (cyan & 0xff), light));
        out[q + 1] = clip(light - scaled(255 - (magenta & 0xff), light));
        out[q + 2] = clip(light - scaled(255 - (yellow & 0xff), light));
    }

    private static int scaled(int ink, int light) {
        int product = ink * light + 128;
        return ((product >> 8) + product) >> 8;
    }

    private static byte clip(int value) {
        return (byte) Math.max(0, Math.min(value, 255));
    }
}
