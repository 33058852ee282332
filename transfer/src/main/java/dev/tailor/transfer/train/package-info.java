/** The training loop: recipes, schedules, steps, and what listeners hear. */
@NullMarked
package dev.tailor.transfer.train;

import org.jspecify.annotations.NullMarked;
