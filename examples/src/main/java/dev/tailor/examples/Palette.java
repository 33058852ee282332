package dev.tailor.examples;

import java.awt.Color;
import java.util.function.Predicate;

/**
 * The colours of one picture, contrasting enough to see the thing.
 *
 * @param background one end of the background
 * @param background2 the other end
 * @param thing the colour of the thing
 * @param detail a colour on top of the thing
 * @param paper a surface that is filled with next to nothing, inside outlines
 */
record Palette(Color background, Color background2, Color thing, Color detail, Color paper) {
    /** Enough difference of lightness to see a shape in any colours, also for the colour-blind. */
    static final double ENOUGH = 28;

    /** Enough to tell two neighbouring surfaces apart. */
    private static final double SOME = 10;

    static Palette of(Chance chance) {
        Color background = any(chance);
        Color background2 = mix(background, any(chance), chance.between(0, 0.35));
        Color thing =
                find(chance, c -> contrast(c, background) > ENOUGH && contrast(c, background2) > ENOUGH, background);
        Color detail = chance.once(0.5)
                ? find(chance, c -> contrast(c, thing) > ENOUGH && contrast(c, background) > SOME, thing)
                : background;
        Color paper = chance.once(0.5) ? background2 : find(chance, c -> contrast(c, thing) > ENOUGH, thing);
        return new Palette(background, background2, thing, detail, paper);
    }

    static Color any(Chance chance) {
        double grey = chance.between(0, 1);
        double saturation = grey < 0.25 ? 0 : chance.between(0.15, 1);
        return Color.getHSBColor(
                (float) chance.between(0, 1), (float) saturation, (float) Math.sqrt(chance.between(0.01, 1)));
    }

    static Color mix(Color a, Color b, double share) {
        return new Color(
                mix(a.getRed(), b.getRed(), share),
                mix(a.getGreen(), b.getGreen(), share),
                mix(a.getBlue(), b.getBlue(), share));
    }

    /** The difference of lightness as CIELAB defines it, 0 to 100. Unlike a ratio, it asks as much of dark colours as of light ones. */
    static double contrast(Color a, Color b) {
        return Math.abs(lightness(a) - lightness(b));
    }

    private static int mix(int a, int b, double share) {
        return (int) Math.round(a + share * (b - a));
    }

    private static Color find(Chance chance, Predicate<Color> fits, Color against) {
        for (int attempt = 0; attempt < 60; attempt++) {
            Color color = any(chance);
            if (fits.test(color)) {
                return color;
            }
        }
        // One of the two always differs by 50 or more.
        return contrast(against, Color.BLACK) > contrast(against, Color.WHITE) ? Color.BLACK : Color.WHITE;
    }

    private static double lightness(Color color) {
        double luminance =
                0.2126 * linear(color.getRed()) + 0.7152 * linear(color.getGreen()) + 0.0722 * linear(color.getBlue());
        return luminance > 216.0 / 24389 ? 116 * Math.cbrt(luminance) - 16 : luminance * 24389 / 27;
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
