package dev.tailor.examples;

import static dev.tailor.examples.Outline.box;
import static dev.tailor.examples.Outline.polygon;

import java.awt.Shape;

/** Plain figures and signs. */
final class Signs {
    private Signs() {}

    static void circle(Sketch sketch, Chance chance) {
        Shape disc = Outline.circle(0, 0, 1);
        if (chance.once(0.3)) {
            sketch.body(Sketch.minus(disc, Outline.circle(0, 0, chance.between(0.55, 0.75))));
        } else {
            sketch.body(disc);
        }
    }

    static void square(Sketch sketch, Chance chance) {
        double corner = chance.once(0.3) ? chance.between(0.05, 0.2) : 0;
        Shape square = Outline.rounded(-1, -1, 1, 1, corner);
        if (chance.once(0.3)) {
            double inner = chance.between(0.5, 0.72);
            sketch.body(Sketch.minus(square, box(-inner, -inner, inner, inner)));
        } else {
            sketch.body(square);
        }
    }

    static void triangle(Sketch sketch, Chance chance) {
        double top = chance.between(-0.35, 0.35);
        Shape triangle = polygon(top, -0.95, 1, 0.8, -1, 0.8);
        if (chance.once(0.3)) {
            double k = chance.between(0.4, 0.55);
            double cx = top / 3;
            double cy = 0.65 / 3;
            sketch.body(Sketch.minus(
                    triangle,
                    polygon(
                            cx + k * (top - cx), cy + k * (-0.95 - cy),
                            cx + k * (1 - cx), cy + k * (0.8 - cy),
                            cx + k * (-1 - cx), cy + k * (0.8 - cy))));
        } else {
            sketch.body(triangle);
        }
    }

    static void star(Sketch sketch, Chance chance) {
        double inner = chance.between(0.36, 0.5);
        double[] xy = new double[20];
        for (int i = 0; i < 10; i++) {
            double radius = i % 2 == 0 ? 1 : inner;
            xy[2 * i] = radius * Math.sin(i * Math.PI / 5);
            xy[2 * i + 1] = -radius * Math.cos(i * Math.PI / 5);
        }
        sketch.body(polygon(xy));
    }

    static void heart(Sketch sketch, Chance chance) {
        double notch = chance.between(-0.55, -0.35);
        double tip = chance.between(0.85, 1.05);
        sketch.body(Outline.from(0, tip)
                .curve(-0.35, 0.55, -1, 0.2, -1, -0.35)
                .curve(-1, -1.05, -0.15, -1.05, 0, notch)
                .curve(0.15, -1.05, 1, -1.05, 1, -0.35)
                .curve(1, 0.2, 0.35, 0.55, 0, tip)
                .close());
    }

    static void arrow(Sketch sketch, Chance chance) {
        double shaft = chance.between(0.12, 0.26);
        double neck = chance.between(-0.05, 0.3);
        double wing = chance.between(0.5, 0.72);
        double barb = chance.once(0.3) ? 0.15 : 0;
        sketch.body(
                polygon(-1, -shaft, neck, -shaft, neck - barb, -wing, 1, 0, neck - barb, wing, neck, shaft, -1, shaft));
    }

    static void cross(Sketch sketch, Chance chance) {
        double half = chance.between(0.2, 0.36);
        sketch.body(box(-1, -half, 1, half), box(-half, -1, half, 1));
    }

    static void bolt(Sketch sketch, Chance chance) {
        double shift = chance.between(-0.08, 0.08);
        double mid = chance.between(-0.05, 0.12);
        sketch.body(polygon(
                0.1 + shift,
                -1,
                -0.6,
                mid + 0.1,
                -0.08,
                mid + 0.1,
                -0.3 - shift,
                1,
                0.6,
                mid - 0.22,
                0.1,
                mid - 0.22,
                0.5 + shift,
                -1));
    }

    static void envelope(Sketch sketch, Chance chance) {
        double half = chance.between(0.58, 0.72);
        double tip = chance.between(-0.02, 0.25);
        double line = chance.between(0.07, 0.1);
        sketch.body(Outline.rounded(-1, -half, 1, half, chance.between(0, 0.1)));
        sketch.mark(
                Outline.from(-0.95, -half + 0.06)
                        .to(0, tip)
                        .to(0.95, -half + 0.06)
                        .open(),
                line);
        if (chance.once(0.5)) {
            sketch.mark(Outline.segment(-0.93, half - 0.07, -0.35, -0.05), line);
            sketch.mark(Outline.segment(0.93, half - 0.07, 0.35, -0.05), line);
        }
    }

    static void flag(Sketch sketch, Chance chance) {
        double wave = chance.between(0.08, 0.28);
        double bottom = chance.between(-0.05, 0.2);
        double end = chance.between(0.65, 0.85);
        sketch.line(Outline.segment(-0.6, -1, -0.6, 1), chance.between(0.1, 0.16));
        sketch.body(Outline.from(-0.55, -0.92)
                .curve(-0.15, -0.92 - wave, 0.3, -0.92 + wave, end, -0.92)
                .to(end, bottom)
                .curve(0.3, bottom + wave, -0.15, bottom - wave, -0.55, bottom)
                .close());
        if (chance.once(0.4)) {
            double middle = (bottom - 0.92) / 2;
            sketch.mark(
                    Outline.from(-0.5, middle)
                            .curve(-0.15, middle - wave, 0.3, middle + wave, end - 0.06, middle)
                            .open(),
                    0.2);
        }
    }
}
