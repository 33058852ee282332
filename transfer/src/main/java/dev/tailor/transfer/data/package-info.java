/** Data sets: examples with random access, loaded lazily, and the readers for folders of images and tables of texts. */
@NullMarked
package dev.tailor.transfer.data;

import org.jspecify.annotations.NullMarked;
