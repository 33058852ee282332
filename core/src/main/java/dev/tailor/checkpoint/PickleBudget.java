package dev.tailor.checkpoint;

/** What reading one pickle may take, so that a small hostile file cannot fill the memory or run for ever. */
final class PickleBudget {
    /** The heap that one value may take at worst, with a margin for what the application holds. */
    private static final int HEAP_PER_VALUE = 512;

    private static final int HEAP_PER_BYTE = 16;
    private static final long MOST_VALUES = 1 << 24;

    private final PickleInput in;
    private final long mostValues;
    private final long mostBytes;
    private long values;
    private long bytes;

    PickleBudget(PickleInput in) {
        this.in = in;
        long heap = Runtime.getRuntime().maxMemory();
        this.mostValues = Math.min(MOST_VALUES, heap / HEAP_PER_VALUE);
        this.mostBytes = heap / HEAP_PER_BYTE;
    }

    void values(long more) {
        values += more;
        if (values > mostValues) {
            throw tooLarge("more than " + mostValues + " values");
        }
    }

    void bytes(long more) {
        bytes += more;
        if (bytes > mostBytes) {
            throw tooLarge("texts and bytes of more than " + mostBytes + " bytes");
        }
    }

    private CheckpointException tooLarge(String what) {
        return new CheckpointException(
                in.file(),
                "Cannot read " + in.file() + ": its pickle holds " + what
                        + ", which a file of weights does not need and this JVM's heap may not hold. If the file is"
                        + " what it should be, give the JVM more heap (-Xmx)",
                null);
    }
}
