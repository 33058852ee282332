package dev.tailor.examples;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.Area;
import java.util.ArrayList;
import java.util.List;

/** A thing as layers of shapes, later ones on top. */
final class Sketch {
    /** What a layer is, which decides its colour in each style. */
    enum Role {
        /** A surface of the thing. */
        BODY,
        /** A surface in the second colour. */
        DETAIL,
        /** A line of the thing itself: never outlined, since it is one. */
        LINE,
        /** A line in the second colour, on top of a surface. */
        MARK
    }

    record Layer(Shape shape, Role role) {}

    private final List<Layer> layers = new ArrayList<>();

    List<Layer> layers() {
        return layers;
    }

    void body(Shape shape) {
        layers.add(new Layer(shape, Role.BODY));
    }

    /** A surface that is the union of several shapes, so that no outline runs inside. */
    void body(Shape... shapes) {
        body(union(shapes));
    }

    void detail(Shape... shapes) {
        layers.add(new Layer(union(shapes), Role.DETAIL));
    }

    void line(Shape shape, double width) {
        layers.add(new Layer(stroked(shape, width), Role.LINE));
    }

    void mark(Shape shape, double width) {
        layers.add(new Layer(stroked(shape, width), Role.MARK));
    }

    static Area union(Shape... shapes) {
        Area union = new Area();
        for (Shape shape : shapes) {
            union.add(new Area(shape));
        }
        return union;
    }

    static Area minus(Shape shape, Shape... holes) {
        Area rest = new Area(shape);
        rest.subtract(union(holes));
        return rest;
    }

    private static Shape stroked(Shape shape, double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND).createStrokedShape(shape);
    }
}
