/** The front door of fitting: {@link dev.tailor.transfer.FineTuning} in, {@link dev.tailor.transfer.FineTuned} out. */
@NullMarked
package dev.tailor.transfer;

import org.jspecify.annotations.NullMarked;
