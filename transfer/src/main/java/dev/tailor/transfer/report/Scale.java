package dev.tailor.transfer.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One axis of a chart.
 *
 * @param low the smallest value, or its logarithm to base 10
 * @param high the largest one
 */
record Scale(double low, double high, boolean logarithmic) {

    /** An axis that holds all finite values. */
    static Scale of(List<double[]> values, boolean logarithmic) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[] some : values) {
            for (double value : some) {
                double v = logarithmic ? Math.log10(value) : value;
                if (Double.isFinite(v)) {
                    low = Math.min(low, v);
                    high = Math.max(high, v);
                }
            }
        }
        if (low > high) {
            return new Scale(0, 1, logarithmic);
        }
        double margin = high - low < 1e-12 * Math.max(1, Math.abs(high)) ? Math.max(0.5, Math.abs(high) / 10) : 0;
        return new Scale(low - margin, high + margin, logarithmic);
    }

    /** Where a value stands, 0 at the low end and 1 at the high one. */
    double share(double value) {
        double v = logarithmic ? Math.log10(value) : value;
        return Math.min(1, Math.max(0, (v - low) / (high - low)));
    }

    /** Round values within, 1 to 7 or so. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        double raw = (high - low) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double share = raw / power;
        double step = (share > 5 ? 10 : share > 2 ? 5 : share > 1 ? 2 : 1) * power;
        if (logarithmic) {
            step = Math.max(1, Math.rint(step));
        }
        for (double tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9; tick += step) {
            double clean = Math.rint(tick / step) * step;
            ticks.add(logarithmic ? Math.pow(10, clean) : clean);
        }
        return ticks;
    }

    /** A short form of a number. */
    static String shown(double value) {
        double size = Math.abs(value);
        if (value == 0) {
            return "0";
        } else if (size >= 1e5 || size < 1e-3) {
            return String.format(Locale.ROOT, "%.1e", value).replace(".0e", "e").replaceAll("e([+-])0*(\\d)", "e$1$2");
        }
        return String.format(Locale.ROOT, "%.4f", value).replaceAll("\\.?0+$", "");
    }
}
