package dev.tailor.transfer.data;

import ai.djl.modality.cv.Image;
import java.nio.file.Path;
import java.util.List;

/**
 * Labelled images in folders: each sub-folder is a class, its name the label.
 *
 * <pre>
 * flowers/daisy/123.jpg
 * flowers/daisy/124.png
 * flowers/roses/77.jpg
 * </pre>
 *
 * <p>Files ending in jpg, jpeg, png, gif, bmp or webp (in any case) count; classes and files are sorted by name, so the
 * order is the same on every machine. Hidden files and folders are passed over. The folder is listed once, when the object
 * is made; an image is decoded anew at each {@link #get}, on the heap. WebP needs an ImageIO plug-in on the class path.
 *
 * <p>A file that cannot be read is found when its image is asked for. Training passes over it with a warning, unless told to
 * be strict; {@link #inspect} names all such files beforehand, {@link #readable} leaves them out, {@link #strict} refuses them.
 *
 * <p>Immutable and safe for many threads.
 */
public final class ImageFolder implements Dataset<Image, String> {
    private final Path root;
    private final List<String> classes;
    private final List<Path> files;
    private final List<String> targets;

    ImageFolder(Path root, List<String> classes, List<Path> files, List<String> targets) {
        this.root = root;
        this.classes = List.copyOf(classes);
        this.files = List.copyOf(files);
        this.targets = List.copyOf(targets);
    }

    /**
     * Lists a folder that has one sub-folder for each class.
     *
     * @throws dev.tailor.TailorException when the folder does not exist, has no sub-folders, has sub-folders without
     *     images, or holds {@code train} and {@code val} folders itself
     */
    public static ImageFolder of(Path folder) {
        return ImageFolderScan.scan(folder);
    }

    /** Returns the names of the classes, sorted; each has at least one image. */
    public List<String> classes() {
        return classes;
    }

    /** Returns the folder that was listed. */
    public Path root() {
        return root;
    }

    /**
     * Returns the file of one image.
     *
     * @throws IndexOutOfBoundsException when there is no such image
     */
    public Path file(int index) {
        return files.get(index);
    }

    @Override
    public int size() {
        return files.size();
    }

    /**
     * Decodes one image; the source of the example is its path below the root, with forward slashes.
     *
     * @throws IndexOutOfBoundsException when there is no such image
     * @throws dev.tailor.TailorException when the file is gone, damaged or not an image
     */
    @Override
    public Example<Image, String> get(int index) {
        Path file = files.get(index);
        return new Example<>(ImageFiles.read(file), targets.get(index), targets.get(index) + "/" + file.getFileName());
    }

    @Override
    public String target(int index) {
        return targets.get(index);
    }

    @Override
    public List<String> targets() {
        return targets;
    }

    @Override
    public String toString() {
        return size() + " images of " + classes.size() + " classes in " + root;
    }
}
