/** How each task is fitted: what a target is, what is minimised and what is measured. */
@NullMarked
package dev.tailor.transfer.task;

import org.jspecify.annotations.NullMarked;
