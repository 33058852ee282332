package dev.tailor.transfer.head;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Minimises a smooth function by limited-memory BFGS with a line search for the strong Wolfe conditions (Nocedal and Wright
 * 2006, algorithms 7.4, 7.5, 3.5 and 3.6). Deterministic.
 */
final class Lbfgs {
    private static final int MEMORY = 10;
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int MOST_TRIALS = 40;

    private Lbfgs() {}

    /** A function with its gradient. */
    @FunctionalInterface
    interface Smooth {
        /** Returns the value and writes the gradient over the second array. */
        double at(double[] point, double[] gradient);
    }

    private record Pair(double[] step, double[] change, double rho) {}

    private record Point(double length, double[] x, double value, double[] gradient, double slope) {}

    /** Ends when the largest component of the gradient is within the tolerance, or no step makes progress. */
    static double[] minimize(double[] start, Smooth function, int iterations, double tolerance) {
        double[] gradient = new double[start.length];
        Point now = new Point(0, start.clone(), function.at(start, gradient), gradient, 0);
        Deque<Pair> memory = new ArrayDeque<>();
        for (int i = 0; i < iterations && largest(now.gradient()) > tolerance; i++) {
            double[] direction = direction(now.gradient(), memory);
            double slope = dot(direction, now.gradient());
            if (slope >= 0) {
                memory.clear();
                direction = direction(now.gradient(), memory);
                slope = dot(direction, now.gradient());
            }
            double first = memory.isEmpty() ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
            Point next = search(function, now, direction, slope, first);
            if (!(next.value() < now.value())) {
                return now.x();
            }
            remember(memory, now, next);
            now = next;
        }
        return now.x();
    }

    private static void remember(Deque<Pair> memory, Point from, Point to) {
        double[] step = difference(to.x(), from.x());
        double[] change = difference(to.gradient(), from.gradient());
        double product = dot(step, change);
        if (product > 1e-12 * dot(change, change)) {
            memory.addLast(new Pair(step, change, 1 / product));
            if (memory.size() > MEMORY) {
                memory.removeFirst();
            }
        }
    }

    private static double[] direction(double[] gradient, Deque<Pair> memory) {
        double[] q = gradient.clone();
        double[] alphas = new double[memory.size()];
        int i = memory.size();
        for (Iterator<Pair> newest = memory.descendingIterator(); newest.hasNext(); ) {
            Pair pair = newest.next();
            alphas[--i] = pair.rho() * dot(pair.step(), q);
            add(q, -alphas[i], pair.change());
        }
        if (!memory.isEmpty()) {
            Pair last = memory.getLast();
            scale(q, 1 / (last.rho() * dot(last.change(), last.change())));
        }
        for (Pair pair : memory) {
            add(q, alphas[i++] - pair.rho() * dot(pair.change(), q), pair.step());
        }
        scale(q, -1);
        return q;
    }

    /** The best point that was found; the start's own value if nothing is lower. */
    private static Point search(Smooth function, Point start, double[] direction, double slope, double first) {
        Point low = new Point(0, start.x(), start.value(), start.gradient(), slope);
        Point high = null;
        double length = first;
        for (int trial = 0; trial < MOST_TRIALS; trial++) {
            Point here = point(function, start, direction, length);
            boolean tooHigh =
                    !(here.value() <= start.value() + DECREASE * length * slope) || here.value() > low.value();
            if (!tooHigh && Math.abs(here.slope()) <= -CURVATURE * slope) {
                return here;
            }
            if (tooHigh) {
                high = here;
            } else {
                if (high == null ? here.slope() >= 0 : here.slope() * (high.length() - low.length()) >= 0) {
                    high = low;
                }
                low = here;
            }
            length = high == null ? 2 * length : between(low, high);
        }
        return low;
    }

    private static Point point(Smooth function, Point start, double[] direction, double length) {
        double[] x = start.x().clone();
        add(x, length, direction);
        double[] gradient = new double[x.length];
        double value = function.at(x, gradient);
        return new Point(length, x, value, gradient, dot(gradient, direction));
    }

    /** The minimum of the cubic through both points, kept off their neighbourhood. */
    private static double between(Point a, Point b) {
        double width = b.length() - a.length();
        double d1 = a.slope() + b.slope() - 3 * (b.value() - a.value()) / width;
        double root = Math.sqrt(d1 * d1 - a.slope() * b.slope()) * Math.signum(width);
        double share = 1 - (b.slope() + root - d1) / (b.slope() - a.slope() + 2 * root);
        if (!(share > 0.1 && share < 0.9)) {
            share = Double.isNaN(share) ? 0.5 : Math.max(0.1, Math.min(0.9, share));
        }
        return a.length() + share * width;
    }

    private static double largest(double[] values) {
        double most = 0;
        for (double value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void add(double[] to, double factor, double[] values) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * values[i];
        }
    }

    private static void scale(double[] values, double factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    private static double[] difference(double[] a, double[] b) {
        double[] result = a.clone();
        add(result, -1, b);
        return result;
    }
}
