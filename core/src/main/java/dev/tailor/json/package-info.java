/** JSON from outside, read safely; for the modules of Tailor and for connectors. */
@NullMarked
package dev.tailor.json;

import org.jspecify.annotations.NullMarked;
