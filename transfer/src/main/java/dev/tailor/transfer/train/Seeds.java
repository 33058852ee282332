package dev.tailor.transfer.train;

/** Seeds from seeds. */
public final class Seeds {
    private Seeds() {}

    /** A seed that depends on every bit of both (the finalizer of SplitMix64, Steele et al. 2014). */
    public static long mix(long seed, long index) {
        long z = seed * 0x9E3779B97F4A7C15L + index + 1;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
