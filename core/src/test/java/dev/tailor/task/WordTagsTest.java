package dev.tailor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordTagsTest {
    @Test
    void words_stand_in_the_text_that_spaces_make_of_them() {
        List<String> words = List.of("Ada", "lives", "in", "São", "Paulo");
        WordTags tags = WordTags.of(words, List.of("B-person", "O", "O", "B-location", "I-location"));
        String text = WordTags.text(words);
        assertThat(tags.words().stream().map(w -> text.substring(w.start(), w.end())))
                .containsExactlyElementsOf(words);
        assertThat(tags.tags()).containsExactly("B-person", "O", "O", "B-location", "I-location");
    }

    @Test
    void labelled_stretches_become_tags_of_words() {
        String text = "Mr.Smith-Jones (NY) flew.";
        WordTags tags =
                WordTags.ofSpans(text, List.of(new LabelledSpan(16, 18, "place"), new LabelledSpan(3, 14, "person")));
        assertThat(tags.words().stream().map(w -> text.substring(w.start(), w.end()) + " " + w.tag()))
                .containsExactly(
                        "Mr O",
                        ". O",
                        "Smith B-person",
                        "- I-person",
                        "Jones I-person",
                        "( O",
                        "NY B-place",
                        ") O",
                        "flew O",
                        ". O");
    }

    @Test
    void a_stretch_within_a_word_cuts_it() {
        WordTags tags = WordTags.ofSpans("preAcme5", List.of(new LabelledSpan(3, 7, "org")));
        assertThat(tags.words())
                .containsExactly(new WordTag(0, 3, "O"), new WordTag(3, 7, "B-org"), new WordTag(7, 8, "O"));
    }

    @Test
    void stretches_that_overlap_or_leave_the_text_are_refused() {
        assertThatThrownBy(() ->
                        WordTags.ofSpans("one two", List.of(new LabelledSpan(0, 5, "a"), new LabelledSpan(4, 7, "b"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overlaps");
        assertThatThrownBy(() -> WordTags.ofSpans("one", List.of(new LabelledSpan(0, 4, "a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 characters");
        assertThatThrownBy(() -> new LabelledSpan(3, 3, "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WordTags.of(List.of("a", "b"), List.of("O")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 words and 1 tags");
        assertThatThrownBy(() -> WordTags.of(List.of("a", ""), List.of("O", "O")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
