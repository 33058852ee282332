package dev.tailor.zoo.nn;

import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Positions as rotations of queries and keys (Su et al. 2021, arXiv 2104.09864); the second half of a vector turns with the
 * first.
 *
 * @param cosines {@code [length, width]}
 * @param sines {@code [length, width]}
 */
public record Rotary(Value cosines, Value sines) {

    /** The rotations of positions that count from 0. */
    public static Rotary of(Scope scope, Size length, List<Double> frequencies) {
        List<Double> twice = new ArrayList<>(frequencies);
        twice.addAll(frequencies);
        Value positions = scope.arange(length);
        return new Rotary(positions.cosines(twice), positions.sines(twice));
    }

    /**
     * {@code theta^(-2i / width)}, in 32 bits as the reference computes them.
     *
     * @param width of a head, even
     */
    public static List<Double> frequencies(double theta, long width) {
        if (width % 2 != 0) {
            throw new IllegalArgumentException("a head of width " + width + " cannot be turned by halves");
        }
        List<Double> frequencies = new ArrayList<>();
        for (long i = 0; i < width; i += 2) {
            float power = (float) Math.pow(theta, (float) i / width);
            frequencies.add((double) (1 / power));
        }
        return frequencies;
    }

    /** Turns {@code [batch, heads, length, width]}. */
    public Value apply(Value x) {
        List<Value> halves = x.chunk(-1, 2);
        Value turned = halves.get(1).mul(-1).concat(-1, halves.get(0));
        return x.mul(cosines).add(turned.mul(sines));
    }
}
