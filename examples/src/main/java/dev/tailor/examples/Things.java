package dev.tailor.examples;

import static dev.tailor.examples.Outline.box;
import static dev.tailor.examples.Outline.circle;
import static dev.tailor.examples.Outline.polygon;
import static dev.tailor.examples.Outline.rounded;
import static dev.tailor.examples.Outline.segment;

/** Things that people make. */
final class Things {
    private Things() {}

    static void house(Sketch sketch, Chance chance) {
        double wall = chance.between(0.62, 0.8);
        double eaves = chance.between(-0.2, 0.05);
        if (chance.once(0.6)) {
            sketch.body(box(0.35, -0.95, 0.58, eaves));
        }
        sketch.body(box(-wall, eaves, wall, 0.9));
        sketch.body(polygon(-1, eaves, 0, -1, 1, eaves));
        double door = chance.between(-0.35, 0.1);
        sketch.detail(box(door - 0.15, 0.35, door + 0.17, 0.9));
        if (chance.once(0.7)) {
            sketch.detail(box(door + 0.3, 0.22, door + 0.56, 0.48));
        }
    }

    static void cup(Sketch sketch, Chance chance) {
        double foot = chance.between(0.4, 0.6);
        double top = chance.between(-0.45, -0.3);
        sketch.line(
                Outline.from(0.55, top + 0.2)
                        .curve(1.1, top, 1.1, 0.6, 0.45, 0.55)
                        .open(),
                chance.between(0.11, 0.16));
        sketch.body(Outline.from(-0.75, top)
                .to(0.65, top)
                .curve(0.65, 0.5, foot, 0.8, foot - 0.1, 0.8)
                .to(-foot, 0.8)
                .curve(-foot - 0.1, 0.8, -0.75, 0.5, -0.75, top)
                .close());
        if (chance.once(0.6)) {
            for (double x = -0.4; x < 0.4; x += 0.35) {
                sketch.line(
                        Outline.from(x, top - 0.12)
                                .curve(x - 0.15, top - 0.3, x + 0.15, top - 0.4, x, top - 0.6)
                                .open(),
                        0.08);
            }
        }
        if (chance.once(0.5)) {
            sketch.line(segment(-0.85, 0.92, 0.75, 0.92), 0.12);
        }
    }

    static void key(Sketch sketch, Chance chance) {
        double bow = chance.between(0.36, 0.46);
        double half = chance.between(0.08, 0.12);
        double bit = chance.between(0.25, 0.36);
        sketch.body(Sketch.minus(
                Sketch.union(
                        circle(-0.58, 0, bow),
                        box(-0.4, -half, 1, half),
                        box(0.8, 0, 1, bit),
                        box(0.45, 0, 0.62, bit * chance.between(0.7, 1))),
                circle(-0.62, 0, bow * chance.between(0.42, 0.58))));
    }

    static void car(Sketch sketch, Chance chance) {
        double roof = chance.between(-0.6, -0.42);
        double rear = chance.between(-0.75, -0.5);
        double front = chance.between(0.25, 0.42);
        sketch.body(
                rounded(-1, -0.1, 1, 0.42, 0.14),
                polygon(rear - 0.12, 0, rear + 0.12, roof, front - 0.05, roof, front + 0.3, 0));
        double pillar = (rear + front) / 2;
        sketch.detail(
                polygon(rear + 0.06, -0.1, rear + 0.19, roof + 0.1, pillar - 0.05, roof + 0.1, pillar - 0.05, -0.1));
        sketch.detail(
                polygon(pillar + 0.05, -0.1, pillar + 0.05, roof + 0.1, front - 0.09, roof + 0.1, front + 0.12, -0.1));
        double wheel = chance.between(0.2, 0.26);
        for (double x : new double[] {-0.55, 0.55}) {
            sketch.body(circle(x, 0.42, wheel));
            sketch.detail(circle(x, 0.42, wheel * 0.55));
        }
    }

    static void boat(Sketch sketch, Chance chance) {
        double deck = chance.between(0.4, 0.5);
        double mast = chance.between(-0.15, 0.1);
        sketch.line(segment(mast, -1, mast, deck), 0.08);
        sketch.body(Outline.from(-0.95, deck)
                .to(0.95, deck)
                .bend(0.85, 0.8, 0.55, 0.9)
                .to(-0.6, 0.9)
                .bend(-0.85, 0.8, -0.95, deck)
                .close());
        sketch.body(Outline.from(mast + 0.1, -0.9)
                .bend(0.75, -0.2, 0.8, deck - 0.14)
                .to(mast + 0.1, deck - 0.14)
                .close());
        if (chance.once(0.7)) {
            sketch.detail(polygon(mast - 0.1, -0.7, mast - 0.1, deck - 0.14, mast - 0.7, deck - 0.14));
        }
    }

    static void clock(Sketch sketch, Chance chance) {
        sketch.body(circle(0, 0, 1));
        boolean face = chance.once(0.6);
        if (face) {
            sketch.detail(circle(0, 0, chance.between(0.78, 0.86)));
        }
        int ticks = chance.once(0.5) ? 12 : 4;
        double hour = chance.between(0, 2 * Math.PI);
        double minute = hour + chance.between(0.7, 2 * Math.PI - 0.7);
        for (int i = 0; i < ticks; i++) {
            double a = i * 2 * Math.PI / ticks;
            hand(sketch, face, a, 0.6, 0.7, ticks == 4 || i % 3 == 0 ? 0.09 : 0.06);
        }
        hand(sketch, face, hour, 0, 0.36, 0.12);
        hand(sketch, face, minute, 0, 0.54, 0.09);
    }

    /** On a pale face a hand has the colour of the rim, else the second colour. */
    private static void hand(Sketch sketch, boolean face, double angle, double from, double to, double width) {
        double x = Math.sin(angle);
        double y = -Math.cos(angle);
        var line = segment(from * x, from * y, to * x, to * y);
        if (face) {
            sketch.line(line, width);
        } else {
            sketch.mark(line, width);
        }
    }

    static void umbrella(Sketch sketch, Chance chance) {
        double rim = chance.between(-0.12, 0.05);
        sketch.line(
                Outline.from(0, -1)
                        .to(0, 0.72)
                        .curve(0, 1.05, 0.42, 1.05, 0.42, 0.68)
                        .open(),
                chance.between(0.09, 0.13));
        double up = rim - chance.between(0.2, 0.3);
        sketch.body(Outline.from(-1, rim)
                .curve(-0.95, -1.15, 0.95, -1.15, 1, rim)
                .bend(0.67, up, 0.34, rim)
                .bend(0, up, -0.34, rim)
                .bend(-0.67, up, -1, rim)
                .close());
        if (chance.once(0.6)) {
            sketch.mark(
                    Outline.from(0, -0.82).bend(-0.32, -0.55, -0.34, rim - 0.03).open(), 0.05);
            sketch.mark(
                    Outline.from(0, -0.82).bend(0.32, -0.55, 0.34, rim - 0.03).open(), 0.05);
        }
    }

    static void ladder(Sketch sketch, Chance chance) {
        double top = chance.between(0.26, 0.4);
        double foot = top + chance.between(0, 0.14);
        double width = chance.between(0.1, 0.16);
        int rungs = chance.whole(4, 6);
        for (int i = 0; i < rungs; i++) {
            double t = (i + 0.5) / rungs;
            double half = top + t * (foot - top);
            sketch.line(segment(-half, 2 * t - 1, half, 2 * t - 1), width);
        }
        sketch.line(segment(-top, -1, -foot, 1), width);
        sketch.line(segment(top, -1, foot, 1), width);
    }

    static void bell(Sketch sketch, Chance chance) {
        double flare = chance.between(0.75, 0.9);
        double shoulder = chance.between(0.4, 0.52);
        sketch.body(circle(0, 0.72, chance.between(0.18, 0.24)));
        sketch.body(Sketch.minus(circle(0, -0.82, 0.2), circle(0, -0.82, 0.09)));
        sketch.body(Outline.from(-flare, 0.65)
                .curve(-0.45, 0.4, -shoulder - 0.05, 0, -shoulder, -0.3)
                .curve(-shoulder + 0.05, -0.85, shoulder - 0.05, -0.85, shoulder, -0.3)
                .curve(shoulder + 0.05, 0, 0.45, 0.4, flare, 0.65)
                .close());
        sketch.mark(segment(-0.5, 0.42, 0.5, 0.42), 0.08);
    }

    static void glasses(Sketch sketch, Chance chance) {
        double lens = chance.between(0.34, 0.4);
        double frame = chance.between(0.09, 0.14);
        boolean round = chance.once(0.5);
        boolean dark = chance.once(0.4);
        for (int side = -1; side <= 1; side += 2) {
            double x = 0.52 * side;
            var shape = round ? circle(x, 0.1, lens) : rounded(x - lens, -0.16, x + lens, 0.4, 0.14);
            if (dark) {
                sketch.body(shape);
            }
            sketch.line(shape, frame);
            sketch.line(
                    Outline.from((0.52 + lens) * side, 0)
                            .bend(1.05 * side, -0.1, 0.92 * side, -0.5)
                            .open(),
                    frame);
        }
        double gap = 0.52 - lens;
        sketch.line(Outline.from(-gap, 0.02).bend(0, -0.14, gap, 0.02).open(), frame);
    }

    static void bottle(Sketch sketch, Chance chance) {
        double half = chance.between(0.34, 0.42);
        double neck = chance.between(0.12, 0.16);
        double shoulder = chance.between(-0.2, 0);
        double throat = chance.between(-0.62, -0.45);
        sketch.body(Outline.from(-neck, -0.85)
                .to(neck, -0.85)
                .to(neck, throat)
                .curve(neck, throat + 0.25, half, shoulder - 0.15, half, shoulder)
                .to(half, 0.92)
                .bend(half, 1, half - 0.08, 1)
                .to(-half + 0.08, 1)
                .bend(-half, 1, -half, 0.92)
                .to(-half, shoulder)
                .curve(-half, shoulder - 0.15, -neck, throat + 0.25, -neck, throat)
                .close());
        sketch.body(rounded(-neck - 0.04, -1, neck + 0.04, -0.84, 0.03));
        if (chance.once(0.7)) {
            sketch.detail(box(-half + 0.02, 0.2, half - 0.02, chance.between(0.55, 0.75)));
        }
    }
}
