/** Builds the text of a {@code tokenizer.json} from the files that older repositories hold instead of one. */
@NullMarked
package dev.tailor.zoo.tokenizers;

import org.jspecify.annotations.NullMarked;
