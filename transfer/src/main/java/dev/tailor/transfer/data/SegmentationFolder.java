package dev.tailor.transfer.data;

import ai.djl.modality.cv.Image;
import dev.tailor.TailorException;
import dev.tailor.task.SegmentationMap;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pictures in one folder and, under the same names, the labels of their pixels in another.
 *
 * <pre>
 * images/street1.jpg    masks/street1.png
 * images/street2.jpg    masks/street2.png
 * </pre>
 *
 * <p>A mask is a PNG file of one channel, whose palette indices or shades of grey are the labels' ids, or a picture in which each
 * colour means a label. Pixels of id 255 do not count. Pictures are sorted by name, so the order is the same on every machine;
 * hidden files are passed over. Both folders are listed once, when the object is made; a picture is decoded anew at each
 * {@link #get}, a mask whenever {@link SegmentationMap#read} is called.
 *
 * <p>Immutable and safe for many threads.
 */
public final class SegmentationFolder implements Dataset<Image, SegmentationMap> {
    private final Path images;
    private final List<Path> files;
    private final List<SegmentationMap> maps;
    private final List<String> labels;

    private SegmentationFolder(Path images, MaskPairs pairs, List<String> labels, Map<Integer, Integer> colors) {
        this.images = images;
        this.labels = labels;
        this.files = pairs.images();
        List<SegmentationMap> all = new ArrayList<>();
        pairs.masks().forEach(mask -> all.add(new MaskFile(mask, labels, colors)));
        this.maps = List.copyOf(all);
    }

    /**
     * Pictures with masks of ids.
     *
     * @param labels the names by id; see {@link SegmentationMap#labels} for processors that reduce labels
     * @throws TailorException if a folder does not exist or has no pictures, or a picture has no mask or several
     */
    public static SegmentationFolder of(Path images, Path masks, List<String> labels) {
        return new SegmentationFolder(images, MaskPairs.of(images, masks), names(labels), Map.of());
    }

    /**
     * Pictures with masks of colours.
     *
     * @param colors by label; their order gives the ids. A mask's pixel of any other colour is an error, unless {@code ignored}
     *     has that colour
     * @param ignored colours of pixels that do not count
     * @throws TailorException as {@link #of}, or if two labels have one colour
     */
    public static SegmentationFolder ofColors(Path images, Path masks, Map<String, Color> colors, Color... ignored) {
        Map<Integer, Integer> ids = new LinkedHashMap<>();
        for (Color color : colors.values()) {
            if (ids.putIfAbsent(MaskFile.rgb(color), ids.size()) != null) {
                throw new TailorException("Each label needs a colour of its own, found " + colors);
            }
        }
        for (Color color : ignored) {
            if (ids.putIfAbsent(MaskFile.rgb(color), SegmentationMap.IGNORED) != null) {
                throw new TailorException(color + " cannot both mean a label and be ignored");
            }
        }
        return new SegmentationFolder(
                images, MaskPairs.of(images, masks), names(List.copyOf(colors.keySet())), Map.copyOf(ids));
    }

    private static List<String> names(List<String> labels) {
        if (labels.isEmpty()) {
            throw new TailorException("Masks need the names of their labels, by id; found none");
        }
        return List.copyOf(labels);
    }

    /** The names of the labels, by id. */
    public List<String> labels() {
        return labels;
    }

    @Override
    public int size() {
        return files.size();
    }

    /**
     * Decodes one picture; the source of the example is its file name.
     *
     * @throws IndexOutOfBoundsException when there is no such picture
     * @throws TailorException when the file is gone, damaged or not a picture
     */
    @Override
    public Example<Image, SegmentationMap> get(int index) {
        Path file = files.get(index);
        return new Example<>(
                ImageFiles.read(file), maps.get(index), file.getFileName().toString());
    }

    @Override
    public SegmentationMap target(int index) {
        return maps.get(index);
    }

    @Override
    public String toString() {
        return size() + " pictures with masks of " + labels.size() + " labels in " + images;
    }
}
