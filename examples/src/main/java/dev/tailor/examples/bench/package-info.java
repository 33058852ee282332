/** Measurements that compare this library with other ways to run the same network. */
@NullMarked
package dev.tailor.examples.bench;

import org.jspecify.annotations.NullMarked;
