package dev.tailor;

/** What a network computes in. The weights of a file may have another type; they are converted once, at load. */
public enum Precision {
    /** The engine's choice: 32-bit floats. */
    AUTO,
    /** 32-bit floats. */
    FLOAT32,
    /** Brain floats of 16 bits; results come back as 32-bit floats. */
    BFLOAT16
}
