package dev.tailor.examples;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;

/**
 * Draws small pictures of 28 kinds of things, each time in another pose, style, colour and light: labelled images without
 * a download.
 *
 * <p>The first 20 kinds are meant for pre-training, the other 8 for showing how a trained model takes to new classes. A
 * picture depends on kind, size and seed alone. Needs no display. Safe for many threads.
 */
public final class Pictograms {
    private static final int SMALLEST = 16;
    private static final int LARGEST = 4096;
    private static final int FOR_PRETRAINING = 20;
    private static final List<Kind> KINDS = List.of(
            new Kind("circle", Kind.Turn.ANY, Signs::circle),
            new Kind("square", Kind.Turn.ANY, Signs::square),
            new Kind("triangle", Kind.Turn.ANY, Signs::triangle),
            new Kind("star", Kind.Turn.ANY, Signs::star),
            new Kind("heart", Kind.Turn.SLIGHT, Signs::heart),
            new Kind("arrow", Kind.Turn.ANY, Signs::arrow),
            new Kind("cross", Kind.Turn.ANY, Signs::cross),
            new Kind("house", Kind.Turn.SLIGHT, Things::house),
            new Kind("tree", Kind.Turn.SLIGHT, Nature::tree),
            new Kind("fish", Kind.Turn.SLIGHT, Nature::fish),
            new Kind("cup", Kind.Turn.SLIGHT, Things::cup),
            new Kind("key", Kind.Turn.ANY, Things::key),
            new Kind("moon", Kind.Turn.SLIGHT, Nature::moon),
            new Kind("sun", Kind.Turn.ANY, Nature::sun),
            new Kind("bolt", Kind.Turn.SLIGHT, Signs::bolt),
            new Kind("flower", Kind.Turn.SLIGHT, Nature::flower),
            new Kind("car", Kind.Turn.SLIGHT, Things::car),
            new Kind("boat", Kind.Turn.SLIGHT, Things::boat),
            new Kind("cat", Kind.Turn.SLIGHT, Nature::cat),
            new Kind("clock", Kind.Turn.ANY, Things::clock),
            new Kind("umbrella", Kind.Turn.SLIGHT, Things::umbrella),
            new Kind("envelope", Kind.Turn.SLIGHT, Signs::envelope),
            new Kind("flag", Kind.Turn.SLIGHT, Signs::flag),
            new Kind("ladder", Kind.Turn.SLIGHT, Things::ladder),
            new Kind("mushroom", Kind.Turn.SLIGHT, Nature::mushroom),
            new Kind("bell", Kind.Turn.SLIGHT, Things::bell),
            new Kind("glasses", Kind.Turn.SLIGHT, Things::glasses),
            new Kind("bottle", Kind.Turn.SLIGHT, Things::bottle));

    private Pictograms() {}

    /** Returns the names of all kinds, those for pre-training first. */
    public static List<String> kinds() {
        return KINDS.stream().map(Kind::name).toList();
    }

    /** Returns the 20 kinds to train a model on from scratch. */
    public static List<String> pretraining() {
        return kinds().subList(0, FOR_PRETRAINING);
    }

    /** Returns the 8 kinds that such a model has not seen. */
    public static List<String> unseen() {
        return kinds().subList(FOR_PRETRAINING, KINDS.size());
    }

    /**
     * Draws one picture.
     *
     * @param kind one of {@link #kinds()}
     * @param size width and height in pixels, 16 to 4096
     * @param seed any number; it decides pose, style, colours and background
     * @throws IllegalArgumentException for an unknown kind or a size out of range
     */
    public static BufferedImage draw(String kind, int size, long seed) {
        checkSize(size);
        return Scene.draw(find(kind), size, seed);
    }

    /**
     * Returns a data set that draws its pictures when asked for them, kind by kind.
     *
     * @param kinds the labels, some of {@link #kinds()}
     * @param perKind how many pictures of each kind
     * @param size width and height in pixels, 16 to 4096
     * @param seed any number; another seed gives other pictures
     * @throws IllegalArgumentException for an unknown kind, a negative count or a size out of range
     */
    public static Dataset<Image, String> dataset(List<String> kinds, int perKind, int size, long seed) {
        checkSize(size);
        if (perKind < 0) {
            throw new IllegalArgumentException("The number of pictures cannot be negative, found " + perKind);
        }
        return new Drawn(kinds.stream().map(Pictograms::find).toList(), perKind, size, seed);
    }

    private static Kind find(String name) {
        return KINDS.stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No pictogram \"" + name + "\"; there are " + kinds()));
    }

    private static void checkSize(int size) {
        if (size < SMALLEST || size > LARGEST) {
            throw new IllegalArgumentException(
                    "The size must be " + SMALLEST + " to " + LARGEST + " pixels, found " + size);
        }
    }

    private record Drawn(List<Kind> kinds, int perKind, int pixels, long seed) implements Dataset<Image, String> {
        @Override
        public int size() {
            return Math.multiplyExact(kinds.size(), perKind);
        }

        @Override
        public Example<Image, String> get(int index) {
            Kind kind = kind(index);
            int number = index % perKind;
            // Far steps keep the pictures of neighbouring seeds apart.
            BufferedImage picture = Scene.draw(kind, pixels, seed * 0x5851F42D4C957F2DL + number);
            return new Example<>(
                    new BufferedImageFactory().fromImage(picture), kind.name(), kind.name() + " #" + number);
        }

        @Override
        public String target(int index) {
            return kind(index).name();
        }

        private Kind kind(int index) {
            return kinds.get(Objects.checkIndex(index, size()) / perKind);
        }

        @Override
        public String toString() {
            return size() + " pictograms of " + kinds.size() + " kinds";
        }
    }
}
