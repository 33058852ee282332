package dev.tailor.transfer.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** Curves over a common axis as an SVG picture whose colours follow the page's style. Immutable. */
public final class LineChart {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 260;
    private static final int LEFT = 64;
    private static final int RIGHT = 12;
    private static final int TOP = 26;
    private static final int BOTTOM = 40;
    /** Colours that those who confuse red and green can tell apart (Okabe and Ito 2008), readable on light and dark. */
    private static final List<String> COLOURS = List.of("#2b83c6", "#d9762b", "#2a9d6f", "#b866a5");

    private final String title;
    private final String axis;
    private final boolean logarithmic;
    private final List<Curve> curves = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    /**
     * One curve.
     *
     * @param name for the legend
     * @param x where the points stand
     * @param y their values; those that are no number leave a gap
     * @param faint whether it stays behind the others
     */
    public record Curve(String name, double[] x, double[] y, boolean faint) {}

    private record Mark(String name, double x) {}

    /**
     * A chart without curves.
     *
     * @param axis what the horizontal axis shows
     * @param logarithmic whether the horizontal axis is
     */
    public LineChart(String title, String axis, boolean logarithmic) {
        this.title = title;
        this.axis = axis;
        this.logarithmic = logarithmic;
    }

    /** Adds a curve; only while this is being built. */
    public LineChart add(Curve curve) {
        curves.add(curve);
        return this;
    }

    /** Adds a vertical line; only while this is being built. */
    public LineChart mark(String name, double x) {
        marks.add(new Mark(name, x));
        return this;
    }

    /** The picture as a file of its own. */
    public String file() {
        return svg().replaceFirst("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ");
    }

    /** The picture as an element of a page. */
    public String svg() {
        Scale horizontal = Scale.of(curves.stream().map(Curve::x).toList(), logarithmic);
        Scale vertical = Scale.of(curves.stream().map(Curve::y).toList(), false);
        DoubleUnaryOperator px = v -> LEFT + horizontal.share(v) * (WIDTH - LEFT - RIGHT);
        DoubleUnaryOperator py = v -> HEIGHT - BOTTOM - vertical.share(v) * (HEIGHT - TOP - BOTTOM);
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\""
                        + " font-family=\"sans-serif\" font-size=\"11\" fill=\"currentColor\">%n",
                WIDTH,
                HEIGHT,
                Html.escape(title)));
        text(out, WIDTH / 2.0, 14, "middle", title);
        text(out, WIDTH / 2.0, HEIGHT - 6.0, "middle", axis);
        for (double tick : vertical.ticks()) {
            double y = py.applyAsDouble(tick);
            line(out, LEFT, y, WIDTH - RIGHT, y, "currentColor", 0.15);
            text(out, LEFT - 6, y + 4, "end", Scale.shown(tick));
        }
        for (double tick : horizontal.ticks()) {
            double x = px.applyAsDouble(tick);
            line(out, x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 4, "currentColor", 0.6);
            text(out, x, HEIGHT - BOTTOM + 16, "middle", Scale.shown(tick));
        }
        for (int i = 0; i < curves.size(); i++) {
            curve(out, curves.get(i), COLOURS.get(i % COLOURS.size()), px, py);
            legend(out, curves.get(i).name(), COLOURS.get(i % COLOURS.size()), i);
        }
        for (Mark mark : marks) {
            double x = px.applyAsDouble(mark.x());
            line(out, x, TOP, x, HEIGHT - BOTTOM, "currentColor", 0.7);
            text(out, x, TOP - 2, "middle", mark.name());
        }
        return out.append("</svg>\n").toString();
    }

    private static void curve(
            StringBuilder out, Curve curve, String colour, DoubleUnaryOperator px, DoubleUnaryOperator py) {
        StringBuilder path = new StringBuilder();
        boolean drawing = false;
        for (int i = 0; i < curve.x().length; i++) {
            boolean finite = Double.isFinite(curve.x()[i]) && Double.isFinite(curve.y()[i]);
            if (finite) {
                path.append(String.format(
                        Locale.ROOT,
                        "%s%.1f %.1f",
                        drawing ? "L" : "M",
                        px.applyAsDouble(curve.x()[i]),
                        py.applyAsDouble(curve.y()[i])));
                // One point alone would not show.
                path.append(drawing ? "" : "h0");
            }
            drawing = finite;
        }
        out.append(String.format(
                Locale.ROOT,
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-opacity=\"%s\""
                        + " stroke-linejoin=\"round\" stroke-linecap=\"round\"/>%n",
                path,
                colour,
                curve.faint() ? "1" : "2.2",
                curve.faint() ? "0.45" : "1"));
    }

    private static void legend(StringBuilder out, String name, String colour, int index) {
        double x = LEFT + 10.0 + index * 120;
        out.append(String.format(
                Locale.ROOT,
                "<path d=\"M%.1f %d h14\" stroke=\"%s\" stroke-width=\"3\" fill=\"none\"/>%n",
                x,
                TOP + 6,
                colour));
        text(out, x + 18, TOP + 10, "start", name);
    }

    private static void line(
            StringBuilder out, double x1, double y1, double x2, double y2, String colour, double opacity) {
        out.append(String.format(
                Locale.ROOT,
                "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\" stroke-opacity=\"%.2f\" fill=\"none\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                opacity));
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String text) {
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                Html.escape(text)));
    }
}
