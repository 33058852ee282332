package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists a folder of images and says what is wrong with its layout. */
final class ImageFolderScan {
    private static final Logger LOG = LoggerFactory.getLogger(ImageFolder.class);
    private static final Set<String> SUFFIXES = Set.of("jpg", "jpeg", "png", "gif", "bmp", "webp");
    private static final Set<String> TRAIN = Set.of("train", "training");
    private static final Set<String> HELD_OUT = Set.of("val", "valid", "validation", "dev", "test", "testing");

    private ImageFolderScan() {}

    static ImageFolder scan(Path root) {
        if (!Files.isDirectory(root)) {
            throw new TailorException((Files.exists(root) ? "Not a folder: " : "The folder does not exist: ")
                    + root.toAbsolutePath() + ". ImageFolder wants a folder with one sub-folder for each class.");
        }
        List<Path> entries = entries(root);
        List<Path> folders = entries.stream().filter(Files::isDirectory).toList();
        if (folders.isEmpty()) {
            throw new TailorException("No sub-folders in " + root.toAbsolutePath()
                    + ". Each class needs its own sub-folder, for example daisy/1.jpg and rose/2.jpg; found "
                    + names(entries) + ".");
        }
        refuseSplits(root, folders);
        List<Path> skipped = new ArrayList<>(entries.stream()
                .filter(entry -> !Files.isDirectory(entry) && isImage(entry))
                .toList());
        List<String> classes = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        List<String> targets = new ArrayList<>();
        List<Path> empty = new ArrayList<>();
        for (Path folder : folders) {
            String name = name(folder);
            int before = files.size();
            for (Path entry : entries(folder)) {
                if (isImage(entry) && !Files.isDirectory(entry)) {
                    files.add(entry);
                    targets.add(name);
                } else {
                    skipped.add(entry);
                }
            }
            if (files.size() == before) {
                empty.add(folder);
            }
            classes.add(name);
        }
        refuseEmpty(root, empty);
        if (!skipped.isEmpty()) {
            LOG.warn(
                    "{}: {} entries are not images inside a class folder and were passed over: {}",
                    root,
                    skipped.size(),
                    Shown.some(skipped.stream()
                            .map(file -> root.relativize(file).toString())
                            .toList()));
        }
        return new ImageFolder(root, classes, files, targets);
    }

    private static void refuseSplits(Path root, List<Path> folders) {
        List<Path> train =
                folders.stream().filter(folder -> TRAIN.contains(lower(folder))).toList();
        List<Path> heldOut = folders.stream()
                .filter(folder -> HELD_OUT.contains(lower(folder)))
                .toList();
        // Sub-folders inside tell a split from a class that happens to be called "train", such as the vehicle.
        if (!train.isEmpty()
                && !heldOut.isEmpty()
                && entries(train.get(0)).stream().anyMatch(Files::isDirectory)) {
            throw new TailorException(root.toAbsolutePath() + " is split already, into "
                    + names(folders) + ". Pass one side of it: ImageFolder.of(" + train.get(0)
                    + ") to train on, ImageFolder.of("
                    + heldOut.get(0) + ") to validate on.");
        }
    }

    private static void refuseEmpty(Path root, List<Path> empty) {
        if (empty.isEmpty()) {
            return;
        }
        List<Path> nested = empty.stream()
                .filter(folder -> entries(folder).stream().anyMatch(Files::isDirectory))
                .toList();
        String advice = nested.isEmpty()
                ? "Add images or delete the folders."
                : "The classes may lie one level deeper: try ImageFolder.of(" + nested.get(0) + ").";
        throw new TailorException(empty.size() + " sub-folder" + (empty.size() == 1 ? "" : "s") + " of "
                + root.toAbsolutePath() + " without images (jpg, jpeg, png, gif, bmp, webp): "
                + String.join(", ", empty.stream().map(ImageFolderScan::name).toList()) + ". " + advice);
    }

    /** The visible entries of a folder, sorted by name. */
    private static List<Path> entries(Path folder) {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(entry -> !name(entry).startsWith("."))
                    .sorted(Comparator.comparing(ImageFolderScan::name))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new TailorException("Cannot list " + folder.toAbsolutePath() + ": " + e, e);
        }
    }

    /** The visible image files of a folder, sorted by name. */
    static List<Path> images(Path folder) {
        return entries(folder).stream()
                .filter(entry -> isImage(entry) && !Files.isDirectory(entry))
                .toList();
    }

    private static boolean isImage(Path file) {
        String name = name(file);
        return SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
                && name.indexOf('.') >= 0;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private static String lower(Path path) {
        return name(path).toLowerCase(Locale.ROOT);
    }

    private static String names(List<Path> paths) {
        return Shown.some(paths.stream().map(ImageFolderScan::name).toList());
    }
}
