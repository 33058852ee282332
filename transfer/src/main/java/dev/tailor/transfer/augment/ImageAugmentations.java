package dev.tailor.transfer.augment;

import ai.djl.modality.cv.Image;
import dev.tailor.task.SegmentationMap;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.Resampling;
import dev.tailor.zoo.preprocess.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * Random changes of pictures as {@code torchvision.transforms.v2} defines them, with Pillow's arithmetic. Images must lie on the
 * heap, as {@code ImageFolder} gives them. Where pixels have labels, all but {@link #randAugment} change or keep these as
 * torchvision does; corners that a rotation brings in do not count.
 */
public final class ImageAugmentations {
    private static final int ATTEMPTS = 10;

    private ImageAugmentations() {}

    /** A change of colours. */
    private static Augmentation<Image> of(BiFunction<Pixels, SplittableRandom, Pixels> change) {
        return new Move.Recolouring(plain(change));
    }

    /** A change that labels of pixels cannot follow. */
    private static Augmentation<Image> plain(BiFunction<Pixels, SplittableRandom, Pixels> change) {
        return (image, random) -> change.apply(Pixels.of(image), random).image();
    }

    private static Augmentation<Image> moving(Move.Choice choice) {
        return new Move.Moving(choice);
    }

    /** Mirrors left and right in half of all cases. */
    public static Augmentation<Image> horizontalFlip() {
        return moving((w, h, random) -> Move.of(Pixels::mirrored)).sometimes(0.5);
    }

    /** Turns upside down in half of all cases. */
    public static Augmentation<Image> verticalFlip() {
        return moving((w, h, random) -> Move.of(Pixels::upsideDown)).sometimes(0.5);
    }

    /** Cuts out 8 to 100 % of the area, 3:4 to 4:3 in shape, and makes it a square; the usual change for training on photographs. */
    public static Augmentation<Image> randomResizedCrop(int size) {
        return randomResizedCrop(size, 0.08, 1, 3.0 / 4, 4.0 / 3);
    }

    /**
     * Cuts out a part and makes it a square (Szegedy et al. 2014, arXiv 1409.4842).
     *
     * @param size side of the result in pixels, as the network reads it
     * @param smallest share of the area, above 0
     * @param largest share of the area, up to 1
     * @param narrowest width over height
     * @param widest width over height
     */
    public static Augmentation<Image> randomResizedCrop(
            int size, double smallest, double largest, double narrowest, double widest) {
        Ranges.require(size >= 1, "size must be at least 1, found " + size);
        Ranges.ordered("the share of the area", smallest, largest);
        Ranges.share("the largest share of the area", largest);
        Ranges.ordered("the ratio", narrowest, widest);
        return moving((width, height, random) -> {
            int[] box = box(width, height, smallest, largest, narrowest, widest, random);
            return new Move(
                    p -> resized(p.crop(box[0], box[1], box[2], box[3]), size),
                    p -> p.crop(box[0], box[1], box[2], box[3]).nearest(size));
        });
    }

    /** Left, top, width, height; the middle of the image if no random box fits. */
    static int[] box(
            int width,
            int height,
            double smallest,
            double largest,
            double narrowest,
            double widest,
            SplittableRandom random) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double area = (double) width * height * Ranges.draw(random, smallest, largest);
            double ratio = Math.exp(Ranges.draw(random, Math.log(narrowest), Math.log(widest)));
            int wide = (int) Math.rint(Math.sqrt(area * ratio));
            int high = (int) Math.rint(Math.sqrt(area / ratio));
            if (wide > 0 && wide <= width && high > 0 && high <= height) {
                return new int[] {random.nextInt(width - wide + 1), random.nextInt(height - high + 1), wide, high};
            }
        }
        double own = (double) width / height;
        int wide = own > widest ? Math.max(1, (int) Math.rint(height * widest)) : width;
        int high = own < narrowest ? Math.max(1, (int) Math.rint(width / narrowest)) : height;
        return new int[] {(width - wide) / 2, (height - high) / 2, wide, high};
    }

    private static Pixels resized(Pixels pixels, int size) {
        RgbImage resized = ImageDecoder.of(pixels.image()).resize(size, size, Resampling.BILINEAR);
        int[] rgb = new int[size * size];
        byte[] data = resized.data();
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = Pixels.pack(data[3 * i] & 0xFF, data[3 * i + 1] & 0xFF, data[3 * i + 2] & 0xFF);
        }
        return new Pixels(size, size, rgb);
    }

    /**
     * Changes brightness, contrast and saturation by factors from {@code 1 - x} to {@code 1 + x}, and the hue by up to a share of
     * the circle, in random order.
     *
     * @param brightness 0 or more; 0 for none
     * @param contrast likewise
     * @param saturation likewise
     * @param hue in {@code [0, 0.5]}
     */
    public static Augmentation<Image> colorJitter(double brightness, double contrast, double saturation, double hue) {
        Ranges.require(
                brightness >= 0 && contrast >= 0 && saturation >= 0 && hue >= 0 && hue <= 0.5,
                "brightness, contrast and saturation must be 0 or more and hue in [0, 0.5], found " + brightness + ", "
                        + contrast + ", " + saturation + " and " + hue);
        return of((pixels, random) -> {
            int[] order = {0, 1, 2, 3};
            for (int i = 3; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
            double[] factors = {
                factor(brightness, random),
                factor(contrast, random),
                factor(saturation, random),
                Ranges.draw(random, -hue, hue)
            };
            double[] amounts = {brightness, contrast, saturation, hue};
            Pixels changed = pixels;
            for (int step : Arrays.stream(order).filter(s -> amounts[s] > 0).toArray()) {
                changed = switch (step) {
                    case 0 -> Colors.brightness(changed, factors[0]);
                    case 1 -> Colors.contrast(changed, factors[1]);
                    case 2 -> Colors.saturation(changed, factors[2]);
                    default -> Colors.hue(changed, factors[3]);
                };
            }
            return changed;
        });
    }

    private static double factor(double amount, SplittableRandom random) {
        return Ranges.draw(random, Math.max(0, 1 - amount), 1 + amount);
    }

    /**
     * Turns about the middle by up to so many degrees to either side; corners that come from outside are black.
     *
     * @param degrees in {@code [0, 180]}
     */
    public static Augmentation<Image> rotation(double degrees) {
        Ranges.require(degrees >= 0 && degrees <= 180, "degrees must be in [0, 180], found " + degrees);
        return moving((width, height, random) -> {
            double angle = Ranges.draw(random, -degrees, degrees);
            return new Move(p -> rotated(p, angle, 0), p -> rotated(p, angle, SegmentationMap.IGNORED));
        });
    }

    /** Turns against the clock. */
    static Pixels rotated(Pixels pixels, double degrees) {
        return rotated(pixels, degrees, 0);
    }

    private static Pixels rotated(Pixels pixels, double degrees, int outside) {
        double angle = -Math.toRadians(degrees);
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        double x = pixels.width() / 2.0;
        double y = pixels.height() / 2.0;
        return pixels.affine(cos, sin, x - cos * x - sin * y, -sin, cos, y + sin * x - cos * y, outside);
    }

    /** Blackens a rectangle of 2 to 33 % of the area in half of all cases (Zhong et al. 2017, arXiv 1708.04896). */
    public static Augmentation<Image> randomErasing() {
        return randomErasing(0.5, 0.02, 0.33);
    }

    /**
     * Blackens a rectangle, 0.3 to 3.3 times as high as wide.
     *
     * @param probability of doing so
     * @param smallest share of the area, above 0
     * @param largest share of the area, up to 1
     */
    public static Augmentation<Image> randomErasing(double probability, double smallest, double largest) {
        Ranges.ordered("the share of the area", smallest, largest);
        Ranges.share("the largest share of the area", largest);
        return of((pixels, random) -> erased(pixels, smallest, largest, random)).sometimes(probability);
    }

    private static Pixels erased(Pixels pixels, double smallest, double largest, SplittableRandom random) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double area = (double) pixels.width() * pixels.height() * Ranges.draw(random, smallest, largest);
            double ratio = Math.exp(Ranges.draw(random, Math.log(0.3), Math.log(3.3)));
            int high = (int) Math.rint(Math.sqrt(area * ratio));
            int wide = (int) Math.rint(Math.sqrt(area / ratio));
            if (wide < pixels.width() && high < pixels.height()) {
                int top = random.nextInt(pixels.height() - high + 1);
                int left = random.nextInt(pixels.width() - wide + 1);
                int[] rgb = pixels.rgb().clone();
                for (int y = top; y < top + high; y++) {
                    Arrays.fill(rgb, y * pixels.width() + left, y * pixels.width() + left + wide, 0);
                }
                return new Pixels(pixels.width(), pixels.height(), rgb);
            }
        }
        return pixels;
    }

    /** Two changes drawn from fourteen, at magnitude 9 of 30. */
    public static Augmentation<Image> randAugment() {
        return randAugment(2, 9);
    }

    /**
     * Changes drawn from fourteen kinds of geometry and colour, all of one strength (Cubuk et al. 2019, arXiv 1909.13719).
     *
     * @param operations how many, one after another; 0 or more
     * @param magnitude the strength, from 0 to 30
     */
    public static Augmentation<Image> randAugment(int operations, int magnitude) {
        Ranges.require(operations >= 0, "operations must be 0 or more, found " + operations);
        Ranges.require(magnitude >= 0 && magnitude <= 30, "magnitude must be in [0, 30], found " + magnitude);
        return plain((pixels, random) -> {
            Pixels changed = pixels;
            for (int i = 0; i < operations; i++) {
                List<RandAugment> all = List.of(RandAugment.values());
                changed = all.get(random.nextInt(all.size())).apply(changed, magnitude, random);
            }
            return changed;
        });
    }
}
