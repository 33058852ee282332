package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import dev.tailor.task.PixelLabels;
import dev.tailor.task.SegmentationMap;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.RgbImage;
import java.awt.Color;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Labels of pixels in a file.
 *
 * @param colors ids by red, green and blue in one number; empty where the file holds ids
 */
record MaskFile(Path file, List<String> labels, Map<Integer, Integer> colors) implements SegmentationMap {
    private static final int MOST_SHOWN = 8;

    static int rgb(Color color) {
        return color.getRGB() & 0xFFFFFF;
    }

    @Override
    public PixelLabels read() {
        if (colors.isEmpty()) {
            return ImageDecoder.standard().decodeLabels(file);
        }
        RgbImage image = ImageDecoder.standard().decode(file);
        byte[] data = image.data();
        int[] ids = new int[image.width() * image.height()];
        TreeSet<Integer> strange = new TreeSet<>();
        for (int i = 0; i < ids.length; i++) {
            int rgb = (data[3 * i] & 0xFF) << 16 | (data[3 * i + 1] & 0xFF) << 8 | (data[3 * i + 2] & 0xFF);
            Integer id = colors.get(rgb);
            if (id == null) {
                strange.add(rgb);
            } else {
                ids[i] = id;
            }
        }
        if (!strange.isEmpty()) {
            throw new TailorException("The mask " + file + " has " + strange.size() + " colours that mean no label: "
                    + shown(strange) + (strange.size() > MOST_SHOWN ? " ..." : "") + "; those that do are "
                    + shown(new TreeSet<>(colors.keySet()))
                    + ". Name them as labels or as ignored; formats such as JPEG change colours, PNG keeps them.");
        }
        return new PixelLabels(image.width(), image.height(), ids);
    }

    private static List<String> shown(TreeSet<Integer> colors) {
        return colors.stream()
                .limit(MOST_SHOWN)
                .map(c -> String.format(Locale.ROOT, "#%06x", c))
                .toList();
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
