package dev.tailor.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Checks that tensors have the size their shape asks for, and cover the data of a file without hole or overlap. */
final class Tiling {
    static final Comparator<Header.Entry> BY_OFFSET =
            Comparator.comparingLong(Header.Entry::begin).thenComparingLong(Header.Entry::end);

    private Tiling() {}

    static void check(Path file, Collection<Header.Entry> tensors, long dataSize) {
        Problems problems = new Problems();
        List<Header.Entry> sorted = new ArrayList<>(tensors);
        sorted.sort(BY_OFFSET);
        long reached = 0;
        for (Header.Entry tensor : sorted) {
            String name = "tensor \"" + Problems.shorten(tensor.name()) + "\" ";
            if (tensor.begin() != reached) {
                problems.add(name + (tensor.begin() > reached ? "leaves a hole: it" : "overlaps another: it")
                        + " begins at " + tensor.begin() + ", and the data before it end at " + reached);
            }
            if (tensor.end() < tensor.begin()) {
                problems.add(name + "ends at " + tensor.end() + ", before it begins at " + tensor.begin());
            } else {
                checkSize(tensor, name, problems);
            }
            reached = Math.max(reached, tensor.end());
        }
        if (reached != dataSize) {
            problems.add("the tensors end at byte " + reached + " of the data, and the file has " + dataSize
                    + (reached > dataSize ? ": it was cut short; fetch it again" : ""));
        }
        if (problems.any()) {
            throw new CheckpointException(file, "The safetensors file " + file + " is damaged:" + problems, null);
        }
    }

    private static void checkSize(Header.Entry tensor, String name, Problems problems) {
        String what = name + "of " + tensor.type() + " "
                + Problems.shorten(tensor.shape().toString());
        long bits = tensor.type().bits();
        try {
            long elements = 1;
            for (long dimension : tensor.shape()) {
                elements = Math.multiplyExact(elements, dimension);
            }
            bits = Math.multiplyExact(elements, bits);
        } catch (ArithmeticException e) {
            problems.add(what + " is larger than 2^63 bits");
            return;
        }
        if (bits % Byte.SIZE != 0) {
            problems.add(what + " takes " + bits + " bits, which is no whole number of bytes");
        } else if (bits / Byte.SIZE != tensor.size()) {
            problems.add(what + " takes " + bits / Byte.SIZE + " bytes, and its offsets leave " + tensor.size());
        }
    }
}
