/** Engines run programs: the interfaces, the choice of device and precision, and passes that every engine can use. */
@NullMarked
package dev.tailor.engine;

import org.jspecify.annotations.NullMarked;
