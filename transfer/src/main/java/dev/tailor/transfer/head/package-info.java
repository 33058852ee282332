/** Classifiers on vectors: what a frozen network's features, embeddings or word counts say about a class. Plain Java. */
@NullMarked
package dev.tailor.transfer.head;

import org.jspecify.annotations.NullMarked;
