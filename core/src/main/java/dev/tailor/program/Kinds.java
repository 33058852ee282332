package dev.tailor.program;

/** The rules by which operations give kinds; what an engine could not compute is refused while tracing. */
final class Kinds {
    private Kinds() {}

    static void require(Kind kind, Value value, String what) {
        if (value.kind() != kind) {
            throw new IllegalArgumentException(what + " takes " + kind + ", found " + value);
        }
    }

    static Kind unary(Op.Unary.Function function, Value x) {
        if (function == Op.Unary.Function.NOT) {
            return Kind.BOOLEAN;
        }
        boolean fits = x.kind() == Kind.FLOAT || (x.kind() == Kind.INTEGER && function.keepsIntegers());
        return checked(fits, function, x.kind(), x);
    }

    static Kind binary(Op.Binary.Function function, Value a, Value b) {
        Kind common = a.kind().with(b.kind());
        boolean fits = common == Kind.FLOAT
                || (common == Kind.INTEGER && function != Op.Binary.Function.DIVIDE)
                || (common == Kind.BOOLEAN && function.takesTruth());
        checked(fits, function, common, a + " and " + b);
        return function.compares() ? Kind.BOOLEAN : common;
    }

    static Kind scalar(Op.Binary.Function function, Value x, double number) {
        boolean whole = number == Math.rint(number) && Math.abs(number) < 1L << 53;
        boolean fits = !function.joinsTruth()
                && (x.kind() == Kind.FLOAT
                        || function.compares()
                        || (x.kind() == Kind.INTEGER && whole && function != Op.Binary.Function.DIVIDE));
        checked(fits, function, x.kind(), x + " and the number " + number);
        return function.compares() ? Kind.BOOLEAN : x.kind();
    }

    static Kind reduction(Op.Reduce.Function function, Value x) {
        boolean fits = x.kind() == Kind.FLOAT || function != Op.Reduce.Function.MEAN;
        checked(fits, function, x.kind(), x);
        return function == Op.Reduce.Function.SUM && x.kind() == Kind.BOOLEAN ? Kind.INTEGER : x.kind();
    }

    private static Kind checked(boolean fits, Enum<?> function, Kind result, Object operands) {
        if (!fits) {
            throw new IllegalArgumentException(
                    function + " cannot be computed on " + operands + "; cast to FLOAT before");
        }
        return result;
    }
}
