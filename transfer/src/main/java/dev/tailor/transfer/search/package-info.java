/** Hyperparameter search: random trials, stopped early where others do better. */
@NullMarked
package dev.tailor.transfer.search;

import org.jspecify.annotations.NullMarked;
