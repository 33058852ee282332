package dev.tailor.transfer.data;

import static dev.tailor.transfer.testing.Assets.asset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.TailorException;
import dev.tailor.task.WordTags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConllTest {
    @TempDir
    Path temporary;

    private Path file(String text) throws IOException {
        return Files.writeString(temporary.resolve("a.conll"), text);
    }

    @Test
    void the_four_columns_of_2003_with_document_marks() throws IOException {
        Conll sentences = Conll.of(file("-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\n\n"
                + "-DOCSTART- -X- O O\n\nPeter NNP B-NP B-PER\r\nBlackburn NNP I-NP I-PER"));
        assertThat(sentences)
                .containsExactly(
                        new Example<>(List.of("EU", "rejects"), List.of("B-ORG", "O"), "line 3"),
                        new Example<>(List.of("Peter", "Blackburn"), List.of("B-PER", "I-PER"), "line 9"));
        assertThat(sentences.tags()).containsExactly("B-ORG", "B-PER", "I-PER", "O");
    }

    @Test
    void sentences_are_texts_with_tagged_words_in_one_step() throws IOException {
        Dataset<String, WordTags> texts =
                Conll.of(file("EU B-ORG\nrejects O\n\nPeter B-PER\n")).asTexts();
        assertThat(texts).hasSize(2);
        assertThat(texts.get(0).input()).isEqualTo("EU rejects");
        assertThat(texts.target(0)).isEqualTo(WordTags.of(List.of("EU", "rejects"), List.of("B-ORG", "O")));
        assertThat(texts.get(1).source()).isEqualTo("line 4");
    }

    @Test
    void other_columns_count_from_either_end() throws IOException {
        Conll parts = Conll.of(file("EU NNP B-NP B-ORG\n"), 0, 1);
        assertThat(parts.target(0)).containsExactly("NNP");
        Conll phrases = Conll.of(temporary.resolve("a.conll"), -4, -2);
        assertThat(phrases.get(0)).isEqualTo(new Example<>(List.of("EU"), List.of("B-NP"), "line 1"));
    }

    @Test
    void tabs_keep_blanks_within_words() throws IOException {
        assertThat(Conll.of(file("New York\tB-LOC\n\t\nhere\tO\n")))
                .extracting(Example::input)
                .containsExactly(List.of("New York"), List.of("here"));
    }

    @Test
    void bad_lines_come_in_one_message() throws IOException {
        Path file = file("a O\nb\nc X O\n\nd O\n");
        assertThatThrownBy(() -> Conll.of(file))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("2 lines of " + file)
                .hasMessageContaining("line 2 has 1 columns where the first has 2")
                .hasMessageContaining("line 3 has 3");
        Path blank = file("a\tO\nb\t\n\tO\n");
        assertThatThrownBy(() -> Conll.of(blank)).hasMessageContaining("line 2 has no tag; line 3 has no word");
    }

    @Test
    void what_is_no_such_file_is_refused() throws IOException {
        assertThatThrownBy(() -> Conll.of(file("one\ntwo\n"))).hasMessageContaining("line 1 has 1 column: \"one\"");
        assertThatThrownBy(() -> Conll.of(file("\n\n"))).hasMessageContaining("has no sentences");
        assertThatThrownBy(() -> Conll.of(temporary.resolve("none"))).hasMessageContaining("does not exist");
        Path latin = Files.write(temporary.resolve("l"), "caf\u00e9 O\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Conll.of(latin)).hasMessageContaining("not UTF-8 at line 1");
        assertThatThrownBy(() -> Conll.of(latin, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wnut17_as_it_is_published() {
        Path folder = asset("data-wnut17-ner");
        Conll train = Conll.of(folder.resolve("wnut17train.conll"));
        assertThat(train.size()).isEqualTo(3394);
        assertThat(train.tags()).hasSize(13).contains("O", "B-person", "I-creative-work");
        assertThat(Conll.of(folder.resolve("emerging.dev.conll")).size()).isEqualTo(1009);
        assertThat(Conll.of(folder.resolve("emerging.test.annotated")).size()).isEqualTo(1287);
        assertThat(train.get(0).input()).startsWith("@paulwalk", "It", "'s", "the", "view");
    }
}
