/** Layers that several model families share. */
@NullMarked
package dev.tailor.zoo.nn;

import org.jspecify.annotations.NullMarked;
