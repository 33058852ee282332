/** Runnable examples of the whole library, one {@code main} each. */
@NullMarked
package dev.tailor.examples;

import org.jspecify.annotations.NullMarked;
