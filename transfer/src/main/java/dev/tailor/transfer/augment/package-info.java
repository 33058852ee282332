/** Random changes of training examples. */
@NullMarked
package dev.tailor.transfer.augment;

import org.jspecify.annotations.NullMarked;
