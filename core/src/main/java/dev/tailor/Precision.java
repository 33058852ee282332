package dev.tailor;

/** What a network computes in. The weights of a file may have another type; they are converted once, at load. */
public enum Precision {
    /**
     * {@link #BFLOAT16} where the processor or the GPU has such floats in hardware, else {@link #FLOAT32}; one log line says
     * which. Off Linux, what a processor has is not known, and it is {@link #FLOAT32}.
     */
    AUTO,
    /** 32-bit floats: what the reference libraries compute, and the default. */
    FLOAT32,
    /** Brain floats of 16 bits; results come back as 32-bit floats. */
    BFLOAT16,
    /**
     * Linear layers in 8-bit integers, all else in 32-bit floats: weights are rounded at load, with a scale for each output,
     * activations at each call, with one scale. On processors only. Four times less memory for those weights; what it costs
     * in accuracy depends on the model and should be measured.
     */
    INT8
}
