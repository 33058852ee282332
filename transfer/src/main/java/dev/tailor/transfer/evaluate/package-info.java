/** Metrics: how well predictions match the truth. */
@NullMarked
package dev.tailor.transfer.evaluate;

import org.jspecify.annotations.NullMarked;
