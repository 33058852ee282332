/** Tensor files: names, shapes and bytes of weights, mapped into memory and never loaded whole. */
@NullMarked
package dev.tailor.checkpoint;

import org.jspecify.annotations.NullMarked;
