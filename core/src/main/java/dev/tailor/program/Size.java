package dev.tailor.program;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The length of one axis: a number, the name of an input's axis, or arithmetic over these.
 *
 * <p>Sizes compare by structure and fold constants, so {@code "batch"} of two inputs is the same size and {@code 4 x 8} is 32.
 */
public sealed interface Size permits Size.Constant, Size.Axis, Size.Arithmetic {

    /** A size known while tracing. */
    record Constant(long value) implements Size {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /** The length of an axis that the caller chooses, such as {@code batch} or {@code length}. */
    record Axis(String name) implements Size {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * An operation on two sizes. Sizes of deep networks share their parts many times over, so hash and depth are computed
     * once.
     */
    final class Arithmetic implements Size {
        private static final int SHOWN_DEPTH = 4;

        private final Operator operator;
        private final Size left;
        private final Size right;
        private final int hash;
        private final int depth;

        Arithmetic(Operator operator, Size left, Size right) {
            this.operator = operator;
            this.left = left;
            this.right = right;
            this.hash = Objects.hash(operator, left, right);
            this.depth = 1 + Math.max(depth(left), depth(right));
        }

        private static int depth(Size size) {
            return size instanceof Arithmetic inner ? inner.depth : 0;
        }

        /** What is done. */
        public Operator operator() {
            return operator;
        }

        /** The first operand. */
        public Size left() {
            return left;
        }

        /** The second operand. */
        public Size right() {
            return right;
        }

        @Override
        public boolean equals(Object other) {
            return this == other
                    || (other instanceof Arithmetic that
                            && hash == that.hash
                            && depth == that.depth
                            && same(this, that, new IdentityHashMap<>()));
        }

        /** Compares each pair of parts once: two deep sizes that share parts would else be compared along every path. */
        private static boolean same(Size a, Size b, Map<Arithmetic, Set<Arithmetic>> seen) {
            if (a == b || !(a instanceof Arithmetic x) || !(b instanceof Arithmetic y)) {
                return a.equals(b);
            }
            return x.hash == y.hash
                    && x.operator == y.operator
                    && (!isNew(x, y, seen) || (same(x.left, y.left, seen) && same(x.right, y.right, seen)));
        }

        /** Notes a pair of objects. One that was seen is equal: the first difference ends the comparison. */
        private static boolean isNew(Arithmetic a, Arithmetic b, Map<Arithmetic, Set<Arithmetic>> seen) {
            return seen.computeIfAbsent(a, k -> Collections.newSetFromMap(new IdentityHashMap<>()))
                    .add(b);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        /** The expression; deep ones are abbreviated. */
        @Override
        public String toString() {
            if (depth > SHOWN_DEPTH) {
                return "(computed)";
            }
            boolean less = operator == Operator.ADD && right instanceof Constant c && c.value() < 0;
            return less
                    ? "(" + left + " - " + -right.constant() + ")"
                    : "(" + left + " " + operator.symbol + " " + right + ")";
        }
    }

    /** Integer arithmetic; division and remainder round towards minus infinity. */
    enum Operator {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        FLOOR_DIVIDE("//"),
        MODULO("%"),
        MAX("max"),
        MIN("min");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        long apply(long a, long b) {
            return switch (this) {
                case ADD -> Math.addExact(a, b);
                case SUBTRACT -> Math.subtractExact(a, b);
                case MULTIPLY -> Math.multiplyExact(a, b);
                case FLOOR_DIVIDE -> Math.floorDiv(a, b);
                case MODULO -> Math.floorMod(a, b);
                case MAX -> Math.max(a, b);
                case MIN -> Math.min(a, b);
            };
        }

        boolean neutral(long right) {
            return switch (this) {
                case ADD, SUBTRACT -> right == 0;
                case MULTIPLY, FLOOR_DIVIDE -> right == 1;
                case MODULO, MAX, MIN -> false;
            };
        }

        private boolean commutes() {
            return this != SUBTRACT && this != FLOOR_DIVIDE && this != MODULO;
        }

        /** Whether {@code (x op a) op b} is {@code x op (a op b)}. */
        private boolean associates() {
            return this == ADD || this == MULTIPLY || this == MAX || this == MIN;
        }
    }

    /** A known size. */
    static Size of(long value) {
        return new Constant(value);
    }

    /** The sum. */
    default Size plus(Size other) {
        return combine(Operator.ADD, this, other);
    }

    /** The sum. */
    default Size plus(long other) {
        return plus(of(other));
    }

    /** The difference. */
    default Size minus(Size other) {
        return combine(Operator.SUBTRACT, this, other);
    }

    /** The difference. */
    default Size minus(long other) {
        return minus(of(other));
    }

    /** The product. */
    default Size times(Size other) {
        return combine(Operator.MULTIPLY, this, other);
    }

    /** The product. */
    default Size times(long other) {
        return times(of(other));
    }

    /**
     * The quotient, rounded down.
     *
     * @throws IllegalArgumentException if the divisor is not positive
     */
    default Size floorDiv(long divisor) {
        return combine(Operator.FLOOR_DIVIDE, this, of(positive(divisor)));
    }

    /**
     * The remainder, never negative.
     *
     * @throws IllegalArgumentException if the divisor is not positive
     */
    default Size mod(long divisor) {
        return combine(Operator.MODULO, this, of(positive(divisor)));
    }

    /** The larger one. */
    default Size max(long other) {
        return combine(Operator.MAX, this, of(other));
    }

    /** The smaller one. */
    default Size min(Size other) {
        return combine(Operator.MIN, this, other);
    }

    /** Whether this is a number. */
    default boolean isConstant() {
        return this instanceof Constant;
    }

    /**
     * The number, where it is known.
     *
     * @throws IllegalStateException if it depends on an input
     */
    default long constant() {
        if (this instanceof Constant known) {
            return known.value();
        }
        throw new IllegalStateException("the size " + this + " depends on an input; a number is needed here");
    }

    private static long positive(long divisor) {
        if (divisor < 1) {
            throw new IllegalArgumentException("a size can only be divided by a positive number, found " + divisor);
        }
        return divisor;
    }

    /**
     * Folds numbers and keeps them on the right, so that a side that keeps its length through many layers stays one size:
     * {@code (side - 1) + 1} is {@code side}.
     */
    private static Size combine(Operator operator, Size left, Size right) {
        if (left instanceof Constant a) {
            if (right instanceof Constant b) {
                return of(operator.apply(a.value(), b.value()));
            }
            return operator.commutes() ? combine(operator, right, left) : new Arithmetic(operator, left, right);
        }
        if (!(right instanceof Constant b)) {
            return new Arithmetic(operator, left, right);
        }
        if (operator == Operator.SUBTRACT) {
            return combine(Operator.ADD, left, of(Math.negateExact(b.value())));
        }
        if (operator.neutral(b.value())) {
            return left;
        }
        if (operator == Operator.MODULO && b.value() == 1) {
            return of(0);
        }
        if (operator.associates()
                && left instanceof Arithmetic inner
                && inner.operator() == operator
                && inner.right() instanceof Constant a) {
            return combine(operator, inner.left(), of(operator.apply(a.value(), b.value())));
        }
        return new Arithmetic(operator, left, right);
    }
}
