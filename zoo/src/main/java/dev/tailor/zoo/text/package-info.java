/** Text encoders, one family a file. */
@NullMarked
package dev.tailor.zoo.text;

import org.jspecify.annotations.NullMarked;
