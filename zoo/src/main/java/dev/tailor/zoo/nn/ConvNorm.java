package dev.tailor.zoo.nn;

import dev.tailor.program.Init;
import dev.tailor.program.Op;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.List;

/**
 * A convolution, batch normalisation, an activation: what most convolutional networks are made of.
 *
 * @param epsilon of the normalisation
 * @param momentum the share of a batch in the running statistics
 * @param same whether borders are TensorFlow's "SAME", which depend on the picture's size, instead of symmetric ones
 * @param bias whether the convolution has one, which the normalisation makes needless
 */
public record ConvNorm(double epsilon, double momentum, boolean same, boolean bias) {
    /** As nearly everywhere, without a bias. */
    public ConvNorm(double epsilon, double momentum, boolean same) {
        this(epsilon, momentum, same, false);
    }

    /** PyTorch's defaults. */
    public static final ConvNorm TORCH = new ConvNorm(1e-5, 0.1, false);

    /** No activation. */
    public static final String NONE = "identity";

    /**
     * The form of a convolution.
     *
     * @param height of the kernel
     * @param width of the kernel
     * @param padded whether borders keep a side, but for the stride
     */
    public record Window(long height, long width, long stride, long dilation, long groups, boolean padded) {
        /** A square kernel that moves by one. */
        public static Window of(long kernel) {
            return of(kernel, kernel);
        }

        /** A kernel that moves by one. */
        public static Window of(long height, long width) {
            return new Window(height, width, 1, 1, 1, true);
        }

        /** Another stride. */
        public Window by(long value) {
            return new Window(height, width, value, dilation, groups, padded);
        }

        /** Another dilation. */
        public Window dilated(long value) {
            return new Window(height, width, stride, value, groups, padded);
        }

        /** Other groups. */
        public Window in(long value) {
            return new Window(height, width, stride, dilation, value, padded);
        }

        /** Without borders. */
        public Window valid() {
            return new Window(height, width, stride, dilation, groups, false);
        }
    }

    /** Traces the three; {@code conv} and {@code norm} are names in the scope. */
    public Value apply(Scope scope, String conv, String norm, Value x, long out, Window window, String activation) {
        Value y = scope.batchNorm(norm, convolution(scope, conv, x, out, window, bias), epsilon, momentum);
        return Activation.apply(activation, y);
    }

    /** The convolution alone. */
    public Value convolution(Scope scope, String name, Value x, long out, Window w, boolean bias) {
        long high = w.dilation() * (w.height() - 1) + 1;
        long wide = w.dilation() * (w.width() - 1) + 1;
        Value padded = same && w.padded() ? samePadding(x, high, wide, w.stride()) : x;
        Op.Conv2d form = new Op.Conv2d(
                List.of(w.stride(), w.stride()),
                same || !w.padded() ? List.of(0L, 0L) : List.of(high / 2, wide / 2),
                List.of(w.dilation(), w.dilation()),
                w.groups());
        Init init = Init.kaimingFanOut(Math.max(1, out * w.height() * w.width() / w.groups()));
        return scope.initializer(init).conv2d(name, padded, out, List.of(w.height(), w.width()), form, bias);
    }

    /** TensorFlow's "SAME": the border depends on the size of the picture, and the odd pixel goes right and below. */
    private static Value samePadding(Value x, long high, long wide, long stride) {
        if (high == 1 && wide == 1 && stride == 1) {
            return x;
        }
        Size vertical = border(x.size(2), high, stride);
        Size horizontal = border(x.size(3), wide, stride);
        Size top = vertical.floorDiv(2);
        Size left = horizontal.floorDiv(2);
        return x.pad2d(top, vertical.minus(top), left, horizontal.minus(left), 0);
    }

    /** The last window begins at the last multiple of the stride inside the picture. */
    private static Size border(Size side, long reach, long stride) {
        Size rest = side.minus(1).mod(stride).plus(1);
        return Size.of(reach).minus(rest).max(0);
    }
}
