/** Tasks: heads with their pre- and postprocessing. */
@NullMarked
package dev.tailor.zoo.pipelines;

import org.jspecify.annotations.NullMarked;
