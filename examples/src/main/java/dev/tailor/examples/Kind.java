package dev.tailor.examples;

import java.util.function.BiConsumer;

/** A kind of thing to draw: its name, how far it may be turned, and how it is composed with some chance. */
record Kind(String name, Turn turn, BiConsumer<Sketch, Chance> composition) {
    /** How far a thing may be turned and still be drawn as people know it. */
    enum Turn {
        /** Up to 25 degrees to either side. */
        SLIGHT,
        /** All the way round. */
        ANY
    }
}
