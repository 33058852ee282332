package dev.tailor.transfer.augment;

/** Changes of colour, each as Pillow's {@code ImageEnhance} and {@code ImageOps} compute it. */
final class Colors {
    private Colors() {}

    /** A share of each: {@code from + factor * (to - from)}, cut off and rounded down. */
    private static int blend(int from, int to, double factor) {
        int result = 0;
        for (int c = 0; c < 3; c++) {
            int start = Pixels.channel(from, c);
            // Pillow computes in floats.
            float value = start + (float) factor * (Pixels.channel(to, c) - start);
            result = result << 8 | (int) Math.max(0, Math.min(255, value));
        }
        return result;
    }

    private static int gray(int pixel) {
        int weighted =
                Pixels.channel(pixel, 0) * 19595 + Pixels.channel(pixel, 1) * 38470 + Pixels.channel(pixel, 2) * 7471;
        return (weighted + 0x8000) >> 16;
    }

    private static int level(int value) {
        return Pixels.pack(value, value, value);
    }

    static Pixels brightness(Pixels image, double factor) {
        return image.map(p -> blend(0, p, factor));
    }

    static Pixels contrast(Pixels image, double factor) {
        long sum = 0;
        for (int pixel : image.rgb()) {
            sum += gray(pixel);
        }
        int mean = level((int) ((double) sum / image.rgb().length + 0.5));
        return image.map(p -> blend(mean, p, factor));
    }

    static Pixels saturation(Pixels image, double factor) {
        return image.map(p -> blend(level(gray(p)), p, factor));
    }

    static Pixels sharpness(Pixels image, double factor) {
        int[] changed = new int[image.rgb().length];
        int width = image.width();
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < width; x++) {
                int at = y * width + x;
                boolean rim = x == 0 || y == 0 || x == width - 1 || y == image.height() - 1;
                int smooth = rim ? image.rgb()[at] : smooth(image, at);
                changed[at] = blend(smooth, image.rgb()[at], factor);
            }
        }
        return new Pixels(width, image.height(), changed);
    }

    private static int smooth(Pixels image, int at) {
        int result = 0;
        for (int c = 0; c < 3; c++) {
            int sum = 4 * Pixels.channel(image.rgb()[at], c);
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    sum += Pixels.channel(image.rgb()[at + dy * image.width() + dx], c);
                }
            }
            result = result << 8 | (int) (sum / 13.0 + 0.5);
        }
        return result;
    }

    /** Turns the hue by a share of the circle, in {@code [-0.5, 0.5]}. */
    static Pixels hue(Pixels image, double factor) {
        int turn = (int) (factor * 255);
        return image.map(p -> turned(p, turn));
    }

    private static int turned(int pixel, int turn) {
        int r = Pixels.channel(pixel, 0);
        int g = Pixels.channel(pixel, 1);
        int b = Pixels.channel(pixel, 2);
        int most = Math.max(r, Math.max(g, b));
        int spread = most - Math.min(r, Math.min(g, b));
        if (spread == 0) {
            return pixel & 0xFFFFFF;
        }
        float rc = (most - r) / (float) spread;
        float gc = (most - g) / (float) spread;
        float bc = (most - b) / (float) spread;
        float sixths = r == most ? bc - gc : g == most ? 2 + rc - bc : 4 + gc - rc;
        int hue = (int) ((sixths / 6.0 + 1.0) % 1.0 * 255.0) + turn & 0xFF;
        int saturation = (int) (spread / (float) most * 255.0);
        return fromHsv(hue, saturation, most);
    }

    private static int fromHsv(int hue, int saturation, int value) {
        if (saturation == 0) {
            return level(value);
        }
        float place = (float) (hue * 6.0 / 255.0);
        int sector = (int) Math.floor(place);
        float rest = place - sector;
        float share = (float) (saturation / 255.0);
        int p = (int) Math.round(value * (1.0 - share));
        int q = (int) Math.round(value * (1.0 - share * rest));
        int t = (int) Math.round(value * (1.0 - share * (1.0 - rest)));
        return switch (sector % 6) {
            case 0 -> Pixels.pack(value, t, p);
            case 1 -> Pixels.pack(q, value, p);
            case 2 -> Pixels.pack(p, value, t);
            case 3 -> Pixels.pack(p, q, value);
            case 4 -> Pixels.pack(t, p, value);
            default -> Pixels.pack(value, p, q);
        };
    }

    static Pixels posterize(Pixels image, int bits) {
        int mask = 0xFF & ~((1 << (8 - bits)) - 1);
        return image.map(p -> p & Pixels.pack(mask, mask, mask));
    }

    static Pixels solarize(Pixels image, double threshold) {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            table[i] = i < threshold ? i : 255 - i;
        }
        return image.lookUp(new int[][] {table, table, table});
    }

    static Pixels autoContrast(Pixels image) {
        int[][] tables = new int[3][256];
        for (int c = 0; c < 3; c++) {
            int[] counts = counts(image, c);
            int low = 0;
            while (low < 255 && counts[low] == 0) {
                low++;
            }
            int high = 255;
            while (high > 0 && counts[high] == 0) {
                high--;
            }
            for (int i = 0; i < 256; i++) {
                double scale = 255.0 / (high - low);
                tables[c][i] = high <= low ? i : (int) Math.max(0, Math.min(255, i * scale - low * scale));
            }
        }
        return image.lookUp(tables);
    }

    static Pixels equalize(Pixels image) {
        int[][] tables = new int[3][256];
        for (int c = 0; c < 3; c++) {
            int[] counts = counts(image, c);
            int last = 255;
            while (last > 0 && counts[last] == 0) {
                last--;
            }
            int step = (image.rgb().length - counts[last]) / 255;
            int sum = step / 2;
            for (int i = 0; i < 256; i++) {
                tables[c][i] = step == 0 ? i : Math.min(255, sum / step);
                sum += counts[i];
            }
        }
        return image.lookUp(tables);
    }

    private static int[] counts(Pixels image, int channel) {
        int[] counts = new int[256];
        for (int pixel : image.rgb()) {
            counts[Pixels.channel(pixel, channel)]++;
        }
        return counts;
    }
}
