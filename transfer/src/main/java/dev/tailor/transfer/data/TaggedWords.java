package dev.tailor.transfer.data;

import dev.tailor.task.WordTags;
import java.util.List;

/** Sentences as words with a tag each, as texts for a token classifier. */
public final class TaggedWords {
    private TaggedWords() {}

    /**
     * The same sentences as texts, with a space between words, and the words' places in them.
     *
     * @param sentences as a CoNLL file has them
     */
    public static Dataset<String, WordTags> asTexts(Dataset<List<String>, List<String>> sentences) {
        return new Texts(sentences);
    }

    private record Texts(Dataset<List<String>, List<String>> sentences) implements Dataset<String, WordTags> {
        @Override
        public int size() {
            return sentences.size();
        }

        @Override
        public Example<String, WordTags> get(int index) {
            Example<List<String>, List<String>> sentence = sentences.get(index);
            return new Example<>(
                    WordTags.text(sentence.input()),
                    WordTags.of(sentence.input(), sentence.target()),
                    sentence.source());
        }

        @Override
        public WordTags target(int index) {
            return get(index).target();
        }

        @Override
        public String toString() {
            return size() + " sentences";
        }
    }
}
