package dev.tailor.program;

import java.util.List;

/**
 * The closed set of operations a program is made of. Operands are the node's inputs, in the order given here; attributes are
 * the record's components. Shapes follow PyTorch's conventions: images are {@code [batch, channels, height, width]}.
 */
public sealed interface Op {

    /** An argument of the function. */
    record Input(String name) implements Op {}

    /** A weight, by its key in {@link Program#weights()}. */
    record Weight(String key) implements Op {}

    /** One number repeated over a shape. */
    record Full(List<Size> shape, double value) implements Op {}

    /** Fixed numbers, one axis. */
    record Numbers(List<Double> values) implements Op {
        /** Copies the values. */
        public Numbers {
            values = List.copyOf(values);
        }
    }

    /** The integers {@code 0 .. end - 1}. */
    record Arange(Size end) implements Op {}

    /** Integers that are known while tracing, along one axis. */
    record Integers(List<Long> values) implements Op {}

    /**
     * Sines, or cosines, of integer positions times each of the frequencies, which become the last axis. Computed in at least
     * 32 bits whatever the network computes in, for a far position is no number of 16 bits.
     */
    record Sinusoid(boolean cosine, List<Double> frequencies) implements Op {}

    /** {@code x W^T + b}; inputs: x {@code [..., in]}, weight {@code [out, in]}, optional bias {@code [out]}. */
    record Linear() implements Op {}

    /** Rows of a table; inputs: ids, weight {@code [rows, width]}. */
    record Embedding() implements Op {}

    /** Two-dimensional convolution; inputs: x, weight {@code [out, in / groups, kh, kw]}, optional bias. */
    record Conv2d(List<Long> stride, List<Long> padding, List<Long> dilation, long groups) implements Op {}

    /** Normalisation over the last axis; inputs: x, weight, optional bias. */
    record LayerNorm(double epsilon) implements Op {}

    /** Normalisation over groups of channels and all that follows axis 1; inputs: x, weight, bias. */
    record GroupNorm(long groups, double epsilon) implements Op {}

    /**
     * Normalisation over the channel axis 1; inputs: x, weight, bias, running mean, running variance. A frozen one uses the
     * running statistics even while training, and leaves them.
     */
    record BatchNorm(double epsilon, double momentum, boolean frozen) implements Op {}

    /**
     * Scaled dot product attention; inputs: query, key, value {@code [batch, heads, length, width]}, optional mask that
     * broadcasts to {@code [batch, heads, queries, keys]}: true takes part (BOOLEAN), or is added to the scores (FLOAT).
     */
    record Attention(double scale, boolean causal, double dropout) implements Op {}

    /** An element-wise function. */
    record Unary(Unary.Function function) implements Op {
        /** The functions. {@code GELU} is the exact one (erf), {@code GELU_TANH} its approximation. */
        public enum Function {
            RELU,
            RELU6,
            GELU,
            GELU_TANH,
            SILU,
            TANH,
            SIGMOID,
            HARD_SWISH,
            HARD_SIGMOID,
            EXP,
            LOG,
            SQRT,
            RSQRT,
            ABS,
            NEGATE,
            SIGN,
            FLOOR,
            CEIL,
            SIN,
            COS,
            ERF,
            SOFTPLUS,
            NOT;

            /** Whether integers stay integers; the others take floats alone, but for {@code NOT}, which takes anything. */
            boolean keepsIntegers() {
                return this == RELU || this == RELU6 || this == ABS || this == NEGATE || this == SIGN;
            }
        }
    }

    /** An element-wise function of two operands that broadcast. */
    record Binary(Binary.Function function) implements Op {
        /**
         * The functions; the comparisons give BOOLEAN. {@code FLOOR_DIVIDE} and {@code REMAINDER} round towards minus
         * infinity.
         */
        public enum Function {
            ADD,
            SUBTRACT,
            MULTIPLY,
            DIVIDE,
            FLOOR_DIVIDE,
            REMAINDER,
            POWER,
            MAXIMUM,
            MINIMUM,
            EQUAL,
            NOT_EQUAL,
            LESS,
            GREATER,
            AND,
            OR;

            boolean compares() {
                return this == EQUAL || this == NOT_EQUAL || this == LESS || this == GREATER || joinsTruth();
            }

            /** Whether both operands are read as truth values; a number cannot be one. */
            boolean joinsTruth() {
                return this == AND || this == OR;
            }

            /** Whether truth values can be operands. */
            boolean takesTruth() {
                return compares() || this == MAXIMUM || this == MINIMUM || this == MULTIPLY;
            }
        }
    }

    /** As {@link Binary}, with a number on the right; never {@code AND} or {@code OR}. */
    record Scalar(Binary.Function function, double value) implements Op {}

    /** Picks by a BOOLEAN condition; inputs: condition, value where true, value where false. */
    record Where() implements Op {}

    /** Matrix product over the last two axes. */
    record MatMul() implements Op {}

    /** Exponentials that sum to one along an axis. */
    record Softmax(int axis) implements Op {}

    /** The logarithm of {@link Softmax}. */
    record LogSoftmax(int axis) implements Op {}

    /** Zeroes elements at random while training; nothing otherwise. */
    record Dropout(double probability) implements Op {}

    /** Reduction over axes. */
    record Reduce(Reduce.Function function, List<Integer> axes, boolean keepAxes) implements Op {
        /** The reductions. */
        public enum Function {
            MEAN,
            SUM,
            MAX
        }
    }

    /** Sliding window over height and width. The mean counts the padding only if {@code countPadding}. */
    record Pool2d(
            boolean maximum,
            List<Long> kernel,
            List<Long> stride,
            List<Long> padding,
            boolean ceil,
            boolean countPadding)
            implements Op {}

    /** The mean over windows that divide height and width into the given numbers of parts. */
    record AdaptiveMeanPool2d(long height, long width) implements Op {}

    /** Height and width by interpolation, from a position's centre or, with {@code alignCorners}, from corner to corner. */
    record Resize2d(Resize2d.Mode mode, Size height, Size width, boolean alignCorners) implements Op {
        /** How values between the pixels arise; {@code NEAREST} knows no {@code alignCorners}. */
        public enum Mode {
            NEAREST,
            BILINEAR,
            BICUBIC
        }
    }

    /** Constant borders; {@code before} and {@code after} hold one size per axis of the input. */
    record Pad(List<Size> before, List<Size> after, double value) implements Op {}

    /** The same elements in another shape. */
    record Reshape(List<Size> shape) implements Op {}

    /** Axes in another order. */
    record Permute(List<Integer> axes) implements Op {}

    /** Repeats axes of length one without copying. */
    record Expand(List<Size> shape) implements Op {}

    /** Elements {@code start .. end - 1} of an axis. */
    record Slice(int axis, Size start, Size end) implements Op {}

    /** One index of an axis, which goes away. */
    record Select(int axis, Size index) implements Op {}

    /** Elements that an index of the same rank names along an axis; inputs: x, index. */
    record Gather(int axis) implements Op {}

    /** The running sum along an axis. */
    record CumulativeSum(int axis) implements Op {}

    /** Operands one after another along an axis. */
    record Concat(int axis) implements Op {}

    /** Conversion of the elements. */
    record Cast(Kind kind) implements Op {}
}
