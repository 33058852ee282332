package dev.tailor.program;

import java.util.IdentityHashMap;
import java.util.Map;

/** What sizes come to once the lengths of the inputs' axes are known. For one thread. */
public final class AxisLengths {
    private final Map<String, Long> axes;
    private final IdentityHashMap<Size, Long> known = new IdentityHashMap<>();

    /** Takes the lengths by the names of the axes. */
    public AxisLengths(Map<String, Long> axes) {
        this.axes = Map.copyOf(axes);
    }

    /**
     * The number that a size is.
     *
     * @throws IllegalArgumentException if it depends on an axis without length
     */
    public long of(Size size) {
        if (size instanceof Size.Constant constant) {
            return constant.value();
        }
        Long found = known.get(size);
        if (found == null) {
            found = size instanceof Size.Axis axis ? length(axis) : compute((Size.Arithmetic) size);
            known.put(size, found);
        }
        return found;
    }

    private long compute(Size.Arithmetic size) {
        return size.operator().apply(of(size.left()), of(size.right()));
    }

    private long length(Size.Axis axis) {
        Long length = axes.get(axis.name());
        if (length == null) {
            throw new IllegalArgumentException(
                    "the length of the axis \"" + axis.name() + "\" is not known, only those of " + axes.keySet());
        }
        return length;
    }
}
