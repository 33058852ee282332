package dev.tailor.examples;

import static dev.tailor.examples.Outline.circle;
import static dev.tailor.examples.Outline.ellipse;
import static dev.tailor.examples.Outline.polygon;
import static dev.tailor.examples.Outline.segment;

import java.awt.Shape;
import java.awt.geom.AffineTransform;

/** Plants, animals and the sky. */
final class Nature {
    private Nature() {}

    static void tree(Sketch sketch, Chance chance) {
        double trunk = chance.between(0.1, 0.17);
        sketch.body(Outline.box(-trunk, 0.3, trunk, 1));
        if (chance.once(0.5)) {
            double width = chance.between(0.6, 0.8);
            sketch.body(
                    polygon(0, -1, 0.55 * width, -0.4, -0.55 * width, -0.4),
                    polygon(0, -0.72, 0.8 * width, 0.05, -0.8 * width, 0.05),
                    polygon(0, -0.35, width, 0.55, -width, 0.55));
        } else {
            double r = chance.between(0.36, 0.46);
            sketch.body(
                    circle(-0.38, 0, r),
                    circle(0.38, 0, r),
                    circle(-0.22, -0.45, r),
                    circle(0.25, -0.48, r),
                    circle(0, -0.1, r));
        }
    }

    static void fish(Sketch sketch, Chance chance) {
        double height = chance.between(0.38, 0.55);
        double tail = chance.between(0.35, 0.5);
        sketch.body(
                ellipse(0.2, 0, 0.78, height),
                Outline.from(-0.35, 0).to(-1, -tail).bend(-0.78, 0, -1, tail).close(),
                Outline.from(-0.05, -height + 0.08)
                        .bend(0.2, -height - 0.35, 0.45, -height + 0.08)
                        .close());
        sketch.detail(circle(0.62, -0.12, chance.between(0.08, 0.11)));
        if (chance.once(0.6)) {
            sketch.mark(Outline.from(0.38, -0.25).bend(0.22, 0, 0.38, 0.25).open(), 0.07);
        }
    }

    static void moon(Sketch sketch, Chance chance) {
        double shift = chance.between(0.4, 0.6);
        double radius = chance.between(0.78, 0.88);
        sketch.body(Sketch.minus(circle(0, 0, 1), circle(shift, -0.15, radius)));
    }

    static void sun(Sketch sketch, Chance chance) {
        int rays = chance.whole(8, 12);
        boolean pointed = chance.once(0.5);
        double disc = chance.between(0.42, 0.55);
        double width = chance.between(0.09, 0.14);
        for (int i = 0; i < rays; i++) {
            AffineTransform turn = AffineTransform.getRotateInstance(i * 2 * Math.PI / rays);
            if (pointed) {
                sketch.body(
                        turn.createTransformedShape(polygon(disc + 0.1, -1.5 * width, 1, 0, disc + 0.1, 1.5 * width)));
            } else {
                sketch.line(turn.createTransformedShape(segment(disc + 0.2, 0, 0.95, 0)), width);
            }
        }
        sketch.body(circle(0, 0, disc));
    }

    static void flower(Sketch sketch, Chance chance) {
        int petals = chance.whole(5, 7);
        boolean stem = chance.once(0.6);
        double cy = stem ? -0.4 : 0;
        double scale = stem ? 0.6 : 1;
        if (stem) {
            double sway = chance.between(-0.15, 0.15);
            sketch.line(Outline.from(0, cy).bend(sway, 0.4, 0, 1).open(), 0.1);
            double side = chance.once(0.5) ? 1 : -1;
            sketch.body(Outline.from(0, 0.75)
                    .bend(0.1 * side, 0.3, 0.5 * side, 0.3)
                    .bend(0.5 * side, 0.7, 0, 0.75)
                    .close());
        }
        double width = chance.between(0.24, 0.3) * 5.5 / petals;
        double start = chance.between(0, Math.PI);
        Shape[] around = new Shape[petals];
        for (int i = 0; i < petals; i++) {
            AffineTransform place = AffineTransform.getTranslateInstance(0, cy);
            place.scale(scale, scale);
            place.rotate(start + i * 2 * Math.PI / petals);
            around[i] = place.createTransformedShape(ellipse(0.6, 0, 0.4, width));
        }
        sketch.body(around);
        sketch.detail(circle(0, cy, scale * chance.between(0.24, 0.32)));
    }

    static void cat(Sketch sketch, Chance chance) {
        double wide = chance.between(0.8, 0.92);
        double ear = chance.between(-1, -0.88);
        sketch.body(
                ellipse(0, 0.15, wide, 0.72),
                polygon(-wide + 0.03, 0.15, -wide + 0.08, ear, -0.12, -0.48),
                polygon(wide - 0.03, 0.15, wide - 0.08, ear, 0.12, -0.48));
        double eye = chance.between(0.09, 0.13);
        sketch.detail(ellipse(-0.33, 0, eye, eye * 1.3));
        sketch.detail(ellipse(0.33, 0, eye, eye * 1.3));
        sketch.detail(polygon(-0.1, 0.25, 0.1, 0.25, 0, 0.37));
        sketch.mark(
                Outline.from(-0.2, 0.5)
                        .bend(-0.05, 0.58, 0, 0.4)
                        .bend(0.05, 0.58, 0.2, 0.5)
                        .open(),
                0.05);
        for (int side = -1; side <= 1; side += 2) {
            sketch.mark(segment(0.32 * side, 0.32, 0.72 * side, 0.24), 0.045);
            sketch.mark(segment(0.32 * side, 0.42, 0.7 * side, 0.46), 0.045);
        }
    }

    static void mushroom(Sketch sketch, Chance chance) {
        double foot = chance.between(0.22, 0.36);
        double rim = chance.between(-0.05, 0.12);
        sketch.body(Outline.from(-0.22, rim - 0.1)
                .to(0.22, rim - 0.1)
                .bend(0.2, 0.5, foot, 0.9)
                .bend(0, 1.02, -foot, 0.9)
                .bend(-0.2, 0.5, -0.22, rim - 0.1)
                .close());
        sketch.body(Outline.from(-1, rim)
                .curve(-0.95, -1.2, 0.95, -1.2, 1, rim)
                .bend(0, rim + chance.between(0.08, 0.28), -1, rim)
                .close());
        sketch.detail(ellipse(-0.45, -0.28 + rim / 2, 0.15, 0.12));
        sketch.detail(circle(0.05, -0.58 + rim / 2, chance.between(0.12, 0.16)));
        sketch.detail(ellipse(0.5, -0.25 + rim / 2, 0.14, 0.13));
        if (chance.once(0.5)) {
            sketch.detail(circle(0.05, -0.15 + rim / 2, 0.1));
        }
    }
}
