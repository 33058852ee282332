package dev.tailor.program;

/** What the elements of a value are; which width a float has is the engine's choice. */
public enum Kind {
    /** Floating point in the precision that the network computes in. */
    FLOAT,
    /** 64-bit integers: ids, positions, masks as they arrive. */
    INTEGER,
    /** True or false. */
    BOOLEAN;

    /** What an operation on both gives: floats before integers before truth values. */
    Kind with(Kind other) {
        return compareTo(other) < 0 ? this : other;
    }
}
