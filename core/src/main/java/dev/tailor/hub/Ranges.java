package dev.tailor.hub;

/**
 * How large files are split over several connections, where the hub sends ranges.
 *
 * @param from bytes from which on a file is split
 * @param chunk least bytes of one range; larger for files of more than 1024 of them, so that the requests stay few
 * @param connections most connections at once
 */
public record Ranges(long from, int chunk, int connections) {
    private static final int MOST_CHUNKS = 1024;

    /** Checks that there is something to split. */
    public Ranges {
        if (from < 1 || chunk < 1 || connections < 1) {
            throw new IllegalArgumentException(
                    "from, chunk and connections must be 1 or more, found " + from + ", " + chunk + ", " + connections);
        }
    }

    /** Files from 64 MiB on, in ranges of 16 MiB, over 4 connections. */
    public static Ranges standard() {
        return new Ranges(64 << 20, 16 << 20, 4);
    }

    /** Every file over one connection. */
    public static Ranges none() {
        return new Ranges(Long.MAX_VALUE, 1, 1);
    }

    int chunkOf(long total) {
        long least = (total + MOST_CHUNKS - 1) / MOST_CHUNKS;
        return (int) Math.min(1 << 30, Math.max(chunk, least));
    }
}
