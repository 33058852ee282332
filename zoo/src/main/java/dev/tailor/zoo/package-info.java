/** The lists of what Tailor knows: model families, hubs and tasks. */
@NullMarked
package dev.tailor.zoo;

import org.jspecify.annotations.NullMarked;
