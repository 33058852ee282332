/** Vision networks, one family a file. */
@NullMarked
package dev.tailor.zoo.vision;

import org.jspecify.annotations.NullMarked;
