package dev.tailor.examples;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;

/** Shapes in a square from -1 to 1, y pointing down. */
final class Outline {
    private final Path2D path = new Path2D.Double();

    private Outline() {}

    static Outline from(double x, double y) {
        Outline outline = new Outline();
        outline.path.moveTo(x, y);
        return outline;
    }

    Outline to(double x, double y) {
        path.lineTo(x, y);
        return this;
    }

    /** A quadratic curve with one control point. */
    Outline bend(double cx, double cy, double x, double y) {
        path.quadTo(cx, cy, x, y);
        return this;
    }

    /** A cubic curve with two control points. */
    Outline curve(double ax, double ay, double bx, double by, double x, double y) {
        path.curveTo(ax, ay, bx, by, x, y);
        return this;
    }

    Shape open() {
        return path;
    }

    Shape close() {
        path.closePath();
        return path;
    }

    static Shape polygon(double... xy) {
        Outline outline = from(xy[0], xy[1]);
        for (int i = 2; i < xy.length; i += 2) {
            outline.to(xy[i], xy[i + 1]);
        }
        return outline.close();
    }

    static Shape segment(double x1, double y1, double x2, double y2) {
        return from(x1, y1).to(x2, y2).open();
    }

    static Shape circle(double x, double y, double radius) {
        return ellipse(x, y, radius, radius);
    }

    static Shape ellipse(double x, double y, double rx, double ry) {
        return new Ellipse2D.Double(x - rx, y - ry, 2 * rx, 2 * ry);
    }

    static Shape box(double left, double top, double right, double bottom) {
        return new Rectangle2D.Double(left, top, right - left, bottom - top);
    }

    static Shape rounded(double left, double top, double right, double bottom, double radius) {
        return new RoundRectangle2D.Double(left, top, right - left, bottom - top, 2 * radius, 2 * radius);
    }
}
