package dev.tailor.transfer.augment;

import java.util.SplittableRandom;

/** The changes that RandAugment draws from, with torchvision's strengths. */
enum RandAugment {
    IDENTITY(0, false),
    SHEAR_X(0.3, true),
    SHEAR_Y(0.3, true),
    TRANSLATE_X(150.0 / 331, true),
    TRANSLATE_Y(150.0 / 331, true),
    ROTATE(30, true),
    BRIGHTNESS(0.9, true),
    COLOR(0.9, true),
    CONTRAST(0.9, true),
    SHARPNESS(0.9, true),
    POSTERIZE(4, false),
    SOLARIZE(1, false),
    AUTO_CONTRAST(0, false),
    EQUALIZE(0, false);

    private static final double MOST = 30;

    private final double most;
    private final boolean signed;

    RandAugment(double most, boolean signed) {
        this.most = most;
        this.signed = signed;
    }

    Pixels apply(Pixels image, int magnitude, SplittableRandom random) {
        double strength = most * magnitude / MOST;
        return at(image, signed && random.nextBoolean() ? -strength : strength);
    }

    /** The change at a strength. */
    Pixels at(Pixels image, double strength) {
        return switch (this) {
            case IDENTITY -> image;
            case SHEAR_X -> image.affine(1, strength, 0, 0, 1, 0);
            case SHEAR_Y -> image.affine(1, 0, 0, strength, 1, 0);
            case TRANSLATE_X -> image.affine(1, 0, -(int) (strength * image.width()), 0, 1, 0);
            case TRANSLATE_Y -> image.affine(1, 0, 0, 0, 1, -(int) (strength * image.height()));
            case ROTATE -> ImageAugmentations.rotated(image, strength);
            case BRIGHTNESS -> Colors.brightness(image, 1 + strength);
            case COLOR -> Colors.saturation(image, 1 + strength);
            case CONTRAST -> Colors.contrast(image, 1 + strength);
            case SHARPNESS -> Colors.sharpness(image, 1 + strength);
            case POSTERIZE -> Colors.posterize(image, (int) Math.rint(8 - strength));
            case SOLARIZE -> Colors.solarize(image, 255 * (1 - strength));
            case AUTO_CONTRAST -> Colors.autoContrast(image);
            case EQUALIZE -> Colors.equalize(image);
        };
    }
}
