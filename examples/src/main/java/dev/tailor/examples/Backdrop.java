package dev.tailor.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.QuadCurve2D;
import java.awt.geom.Rectangle2D;

/** Backgrounds: plain, shaded or striped, with faint clutter. */
final class Backdrop {
    private Backdrop() {}

    static void paint(Graphics2D g, int size, Palette palette, Chance chance) {
        Rectangle2D all = new Rectangle2D.Double(0, 0, size, size);
        switch (chance.whole(0, 3)) {
            case 0 -> g.setPaint(palette.background());
            case 1 -> {
                double angle = chance.between(0, 2 * Math.PI);
                float dx = (float) (Math.cos(angle) * size / 2);
                float dy = (float) (Math.sin(angle) * size / 2);
                float middle = size / 2f;
                g.setPaint(new GradientPaint(
                        middle - dx,
                        middle - dy,
                        palette.background(),
                        middle + dx,
                        middle + dy,
                        palette.background2()));
            }
            case 2 ->
                g.setPaint(new RadialGradientPaint(
                        (float) chance.between(0, size),
                        (float) chance.between(0, size),
                        (float) chance.between(0.6, 1.2) * size,
                        new float[] {0, 1},
                        new Color[] {palette.background(), palette.background2()}));
            default -> {
                // Stripes: the same gradient over and over.
                float step = (float) (size * chance.between(0.05, 0.2));
                float slant = (float) chance.between(-1, 1) * step;
                g.setPaint(new GradientPaint(0, 0, palette.background(), step, slant, palette.background2(), true));
            }
        }
        g.fill(all);
        int clutter = chance.whole(0, 7);
        for (int i = 0; i < clutter; i++) {
            clutter(g, size, palette, chance);
        }
    }

    private static void clutter(Graphics2D g, int size, Palette palette, Chance chance) {
        Color faint = Palette.mix(palette.background(), Palette.any(chance), chance.between(0.05, 0.3));
        // A colour like that of the thing would make clutter part of the thing.
        g.setColor(Palette.contrast(faint, palette.background()) < 12 ? faint : palette.background2());
        double x = chance.between(0, size);
        double y = chance.between(0, size);
        double length = size * chance.between(0.05, 0.4);
        double angle = chance.between(0, 2 * Math.PI);
        double toX = x + length * Math.cos(angle);
        double toY = y + length * Math.sin(angle);
        g.setStroke(new BasicStroke((float) (size * chance.between(0.008, 0.03))));
        switch (chance.whole(0, 3)) {
            case 0 -> g.draw(new Line2D.Double(x, y, toX, toY));
            case 1 ->
                g.draw(new QuadCurve2D.Double(
                        x, y, x + chance.between(-length, length), y + chance.between(-length, length), toX, toY));
            case 2 -> g.fill(new Ellipse2D.Double(x, y, length / 2, length / 2 * chance.between(0.4, 1)));
            default -> g.fill(new Rectangle2D.Double(x, y, length / 2, length / 2 * chance.between(0.3, 1)));
        }
    }
}
