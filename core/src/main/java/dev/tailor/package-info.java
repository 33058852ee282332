/** The front door: load pretrained models and run them. */
@NullMarked
package dev.tailor;

import org.jspecify.annotations.NullMarked;
