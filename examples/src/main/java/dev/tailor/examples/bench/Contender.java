package dev.tailor.examples.bench;

/** One side of a comparison, ready to run on its inputs. */
interface Contender extends AutoCloseable {
    /** How the table names it. */
    String name();

    /** One call; what it gives is freed. */
    void run();

    /** One call whose result is brought to the heap. */
    float[] result();

    @Override
    void close();
}
