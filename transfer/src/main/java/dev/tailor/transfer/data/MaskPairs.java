package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pictures and their masks, matched by name without suffix. */
record MaskPairs(List<Path> images, List<Path> masks) {

    static MaskPairs of(Path images, Path masks) {
        Map<String, Path> pictures = byName(images);
        Map<String, Path> maps = byName(masks);
        List<Path> left = new ArrayList<>();
        List<Path> right = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        pictures.forEach((name, file) -> {
            Path mask = maps.get(name);
            if (mask == null) {
                missing.add(file.getFileName().toString());
            } else {
                left.add(file);
                right.add(mask);
            }
        });
        if (!missing.isEmpty()) {
            throw new TailorException(missing.size() + " of " + pictures.size() + " pictures in "
                    + images.toAbsolutePath() + " have no mask of the same name in " + masks.toAbsolutePath() + ": "
                    + Shown.some(missing) + ". Add the masks, or take these pictures out.");
        }
        return new MaskPairs(List.copyOf(left), List.copyOf(right));
    }

    private static Map<String, Path> byName(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new TailorException((Files.exists(folder) ? "Not a folder: " : "The folder does not exist: ")
                    + folder.toAbsolutePath() + ". SegmentationFolder wants one of pictures and one of masks.");
        }
        Map<String, Path> files = new LinkedHashMap<>();
        List<String> twice = new ArrayList<>();
        for (Path file : ImageFolderScan.images(folder)) {
            String name = file.getFileName().toString();
            String stem = name.substring(0, name.lastIndexOf('.'));
            if (files.putIfAbsent(stem, file) != null) {
                twice.add(stem);
            }
        }
        if (files.isEmpty()) {
            throw new TailorException(
                    "No pictures (jpg, jpeg, png, gif, bmp, webp) in " + folder.toAbsolutePath() + ".");
        }
        if (!twice.isEmpty()) {
            throw new TailorException("Several files of one name in " + folder.toAbsolutePath() + ": "
                    + Shown.some(twice) + ". Leave one of each.");
        }
        return files;
    }
}
