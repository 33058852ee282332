package dev.tailor.examples;

import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.util.Arrays;

/** What a camera adds: slight blur and noise. */
final class Weather {
    private Weather() {}

    static BufferedImage apply(BufferedImage image, Chance chance) {
        double strength = chance.between(0, 0.018);
        int side = 2 * (int) Math.round(strength * image.getWidth()) + 1;
        BufferedImage result = side > 1 && chance.once(0.5) ? blur(image, Math.min(side, 15)) : image;
        noise(result, chance.between(0, 10), chance);
        return result;
    }

    private static BufferedImage blur(BufferedImage image, int side) {
        float[] box = new float[side * side];
        Arrays.fill(box, 1f / box.length);
        return new ConvolveOp(new Kernel(side, side, box), ConvolveOp.EDGE_NO_OP, null).filter(image, null);
    }

    private static void noise(BufferedImage image, double deviation, Chance chance) {
        int size = image.getWidth();
        int[] row = new int[size];
        for (int y = 0; y < size; y++) {
            image.getRGB(0, y, size, 1, row, 0, size);
            for (int x = 0; x < size; x++) {
                int common = (int) Math.round(deviation * chance.normal());
                int red = clamp((row[x] >> 16 & 0xFF) + common + chance.whole(-2, 2));
                int green = clamp((row[x] >> 8 & 0xFF) + common);
                int blue = clamp((row[x] & 0xFF) + common + chance.whole(-2, 2));
                row[x] = red << 16 | green << 8 | blue;
            }
            image.setRGB(0, y, size, 1, row, 0, size);
        }
    }

    private static int clamp(int channel) {
        return Math.max(0, Math.min(255, channel));
    }
}
