/**
 * Networks as engine-neutral programs: an {@link dev.tailor.program.Architecture} walks a {@link dev.tailor.program.Scope}
 * once on symbolic values, and what it touched is the {@link dev.tailor.program.Program} that an engine lowers.
 */
@NullMarked
package dev.tailor.program;

import org.jspecify.annotations.NullMarked;
