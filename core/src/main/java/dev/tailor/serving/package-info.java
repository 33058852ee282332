/** Many callers of one model: calls joined into batches, limits on waiting, and who hears about it. */
@NullMarked
package dev.tailor.serving;

import org.jspecify.annotations.NullMarked;
