/** Tokenizers and image processors, made from a repository's own config files. */
@NullMarked
package dev.tailor.zoo.preprocess;

import org.jspecify.annotations.NullMarked;
