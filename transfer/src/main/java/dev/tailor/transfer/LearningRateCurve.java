package dev.tailor.transfer;

import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.transfer.report.LineChart;
import dev.tailor.transfer.train.RateSweep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The loss over growing learning rates, and rates that it suggests. {@code toString} prints it.
 *
 * @param points in the order of their rates
 */
public record LearningRateCurve(List<RateSweep.Point> points) {
    private static final int ROWS = 20;
    private static final int BAR = 40;

    /** Copies the points. */
    public LearningRateCurve {
        points = List.copyOf(points);
    }

    /**
     * The suggestion: the rate two thirds into the longest valley of the loss, which fastai's {@code valley} takes; stable where a
     * single slope is noisy.
     *
     * @throws TailorException if the loss never falls
     */
    public double suggestion() {
        List<RateSweep.Point> inner = inner();
        int[] length = new int[inner.size()];
        int start = 0;
        int end = 0;
        // The longest stretch of falling losses, points between may be left out: quadratic, for some hundred points.
        for (int i = 1; i < inner.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (inner.get(i).loss() < inner.get(j).loss() && length[i] < length[j] + 1) {
                    length[i] = length[j] + 1;
                }
                if (length[end] < length[i]) {
                    end = i;
                    start = Math.max(0, end - length[end] - 1);
                }
            }
        }
        if (end == 0) {
            throw new TailorException("The loss falls at no learning rate of the sweep; begin it with smaller rates");
        }
        double third = (end - start) / 3.0;
        return inner.get(start + (int) third + (int) (third / 2)).rate();
    }

    /** Without the first tenth, where the mean is still unsteady, and the last five, where the loss explodes. */
    private List<RateSweep.Point> inner() {
        int from = points.size() / 10;
        int to = points.size() - 5;
        return to - from >= 3 ? points.subList(from, to) : points;
    }

    /** The rate at which the loss falls fastest, by its slope over the rate's logarithm. */
    public double steepest() {
        int best = 0;
        double slope = Double.POSITIVE_INFINITY;
        for (int i = 1; i + 1 < points.size(); i++) {
            double own = (points.get(i + 1).loss() - points.get(i - 1).loss())
                    / Math.log(points.get(i + 1).rate() / points.get(i - 1).rate());
            if (own < slope) {
                slope = own;
                best = i;
            }
        }
        return points.get(best).rate();
    }

    /**
     * Writes the curve as an SVG picture; an existing file is replaced.
     *
     * @throws TailorException if it cannot be written
     */
    public void write(Path file) {
        double[] rates = points.stream().mapToDouble(RateSweep.Point::rate).toArray();
        double[] losses = points.stream().mapToDouble(RateSweep.Point::loss).toArray();
        String svg = new LineChart("Loss over learning rate", "learning rate", true)
                .add(new LineChart.Curve("smoothed loss", rates, losses, false))
                .mark(String.format(Locale.ROOT, "%.1e", suggestion()), suggestion())
                .file();
        try {
            AtomicFiles.write(file, svg.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new TailorException("Cannot write " + file + ": " + e, e);
        }
    }

    /** Some rows of the curve as bars, and the suggestion. */
    @Override
    public String toString() {
        double most = points.stream().mapToDouble(RateSweep.Point::loss).max().orElse(1);
        StringBuilder out = new StringBuilder();
        int stride = Math.max(1, points.size() / ROWS);
        for (int i = 0; i < points.size(); i += stride) {
            RateSweep.Point point = points.get(i);
            int bar = (int) Math.round(BAR * Math.max(0, point.loss()) / Math.max(most, 1e-12));
            out.append(String.format(
                    Locale.ROOT, "%.1e  %8.4f  %s%n", point.rate(), point.loss(), "\u2501".repeat(Math.min(BAR, bar))));
        }
        return out + String.format(Locale.ROOT, "Suggested learning rate: %.1e%n", suggestion());
    }
}
