package dev.tailor.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Puts a thing into a picture: background, pose, style. */
final class Scene {
    /** How surfaces are painted. */
    private enum Style {
        FILLED,
        OUTLINED,
        FILLED_AND_OUTLINED
    }

    private static final double SLIGHT_TURN = Math.toRadians(25);

    private Scene() {}

    static BufferedImage draw(Kind kind, int size, long seed) {
        Chance chance = new Chance(seed * 31 + kind.name().hashCode());
        Palette palette = Palette.of(chance);
        Sketch sketch = new Sketch();
        kind.composition().accept(sketch, chance);
        List<Sketch.Layer> layers = pose(sketch.layers(), kind.turn(), size, chance);
        Style style = Style.values()[chance.whole(0, 2)];

        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            Backdrop.paint(g, size, palette, chance);
            paint(g, layers, palette, style, chance);
        } finally {
            g.dispose();
        }
        return Weather.apply(image, chance);
    }

    /** Turns, mirrors, shears and scales the thing, and puts it anywhere in the picture where it fits. */
    static List<Sketch.Layer> pose(List<Sketch.Layer> layers, Kind.Turn turn, int size, Chance chance) {
        double range = turn == Kind.Turn.ANY ? Math.PI : SLIGHT_TURN;
        AffineTransform shape = AffineTransform.getRotateInstance(chance.between(-range, range));
        shape.shear(chance.between(-0.12, 0.12), 0);
        shape.scale(chance.between(0.88, 1.12) * (chance.once(0.5) ? 1 : -1), chance.between(0.88, 1.12));
        Rectangle2D bounds = bounds(layers, shape);
        double extent = size * chance.between(0.5, 0.95);
        double scale = extent / Math.max(bounds.getWidth(), bounds.getHeight());
        double left = chance.between(0, size - scale * bounds.getWidth());
        double top = chance.between(0, size - scale * bounds.getHeight());
        AffineTransform place = AffineTransform.getTranslateInstance(left, top);
        place.scale(scale, scale);
        place.translate(-bounds.getX(), -bounds.getY());
        place.concatenate(shape);
        return layers.stream()
                .map(layer -> new Sketch.Layer(place.createTransformedShape(layer.shape()), layer.role()))
                .toList();
    }

    static Rectangle2D bounds(List<Sketch.Layer> layers) {
        return bounds(layers, new AffineTransform());
    }

    private static Rectangle2D bounds(List<Sketch.Layer> layers, AffineTransform shape) {
        List<Rectangle2D> all = new ArrayList<>();
        for (Sketch.Layer layer : layers) {
            all.add(shape.createTransformedShape(layer.shape()).getBounds2D());
        }
        return all.stream().reduce(Rectangle2D::createUnion).orElseThrow();
    }

    private static void paint(Graphics2D g, List<Sketch.Layer> layers, Palette palette, Style style, Chance chance) {
        Rectangle2D bounds = bounds(layers);
        double extent = Math.max(bounds.getWidth(), bounds.getHeight());
        float width = (float) Math.max(1, extent * chance.between(0.025, 0.055));
        BasicStroke outline = new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
        Color edge = style == Style.OUTLINED ? palette.thing() : palette.detail();
        for (Sketch.Layer layer : layers) {
            Shape shape = layer.shape();
            Color fill = fill(layer.role(), palette, style);
            g.setColor(fill);
            g.fill(shape);
            boolean surface = layer.role() == Sketch.Role.BODY || layer.role() == Sketch.Role.DETAIL;
            if (surface && style != Style.FILLED) {
                g.setColor(edge.equals(fill) ? palette.thing() : edge);
                g.setStroke(outline);
                g.draw(shape);
            }
        }
    }

    private static Color fill(Sketch.Role role, Palette palette, Style style) {
        return switch (role) {
            case BODY -> style == Style.OUTLINED ? palette.paper() : palette.thing();
            case DETAIL -> style == Style.OUTLINED ? palette.paper() : palette.detail();
            case LINE -> palette.thing();
            case MARK -> style == Style.OUTLINED ? palette.thing() : palette.detail();
        };
    }
}
