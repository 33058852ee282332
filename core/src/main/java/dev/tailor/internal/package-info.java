/** Shared by core's packages. Internal: no promise of stability. */
@NullMarked
package dev.tailor.internal;

import org.jspecify.annotations.NullMarked;
