package dev.tailor.zoo.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.zoo.preprocess.TextTokenizer;
import dev.tailor.zoo.testing.ModelCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are damaged or lie are refused with their name, never with a crash of the process or of memory. */
class DamagedTokenizersTest {
    @TempDir
    Path temporary;

    @Test
    void a_sentencepiece_model_cut_anywhere_or_changed_anywhere_is_refused_or_works() throws IOException {
        ModelCopy copy = ModelCopy.of("text/tokenizer-xlm-roberta-spiece", temporary);
        Path file = copy.folder().resolve("sentencepiece.bpe.model");
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 150; i++) {
            byte[] damaged = whole.clone();
            if (i % 3 == 0) {
                damaged = Arrays.copyOf(damaged, random.nextInt(whole.length));
            } else {
                // Half of the changes go to the pieces and settings, which are far smaller than the rules.
                int part = i % 3 == 1 ? 3000 : whole.length;
                for (int j = 0; j < 5; j++) {
                    damaged[random.nextInt(part)] = (byte) random.nextInt();
                }
            }
            Files.write(file, damaged);
            try (TextTokenizer tokenizer = open(copy.folder())) {
                assertThat(tokenizer
                                .encode("Größe naïve café \uff21\u0301\u3000x", null)
                                .ids())
                        .isNotEmpty();
            } catch (TailorException e) {
                assertThat(e).hasMessageContaining("sentencepiece");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(50);
    }

    @Test
    void lengths_beyond_the_file_are_refused_before_memory_is_taken() throws IOException {
        ModelCopy copy = ModelCopy.of("text/tokenizer-t5-spiece", temporary);
        Path file = copy.folder().resolve("spiece.model");
        Files.write(file, new byte[] {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F, 1});
        assertThatThrownBy(() -> open(copy.folder()))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("spiece.model is not a sentencepiece model")
                .hasMessageContaining("where 1 are left");
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> open(copy.folder())).hasMessageContaining("0 unknown pieces among 0");
        byte[] endless = new byte[20];
        Arrays.fill(endless, (byte) 0xFF);
        Files.write(file, endless);
        assertThatThrownBy(() -> open(copy.folder())).hasMessageContaining("more than ten bytes");
    }

    @Test
    void normalization_rules_that_lead_out_of_bounds_are_told() {
        assertThat(CharsMap.problem(new byte[0])).isEmpty();
        assertThat(CharsMap.problem(new byte[3]))
                .hasValueSatisfying(p -> assertThat(p).contains("3 bytes"));
        assertThat(CharsMap.problem(new byte[] {8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}))
                .hasValueSatisfying(p -> assertThat(p).contains("out of bounds"));
        assertThat(CharsMap.problem(new byte[] {4, 0, 0, 0, 0, 0, 0, 0, -1}))
                .hasValueSatisfying(p -> assertThat(p).contains("not UTF-8"));
        assertThat(CharsMap.problem(new byte[] {-1, -1, -1, -1, 0, 0, 0, 0})).isPresent();
    }

    @Test
    void rules_in_a_tokenizer_json_are_checked_however_they_are_spelled() {
        ModelCopy copy = ModelCopy.of("text/text-classification", temporary);
        for (String key : new String[] {"precompiled_charsmap", "\\u0070recompiled_charsmap"}) {
            copy.write(
                    "tokenizer.json",
                    "{\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Precompiled\", \"" + key
                            + "\": \"CAAAAAAAAAAAAAAA\"}]}}");
            assertThatThrownBy(() -> open(copy.folder()))
                    .isInstanceOf(TailorException.class)
                    .hasMessageContainingAll("tokenizer.json is not a tokenizer", "out of bounds");
        }
        copy.write("tokenizer.json", "{\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"?\"}}");
        assertThatThrownBy(() -> open(copy.folder())).hasMessageContaining("not Base64");
    }

    @Test
    void vocabularies_that_are_no_vocabularies_are_refused() {
        ModelCopy copy = ModelCopy.of("text/tokenizer-gpt2-merges", temporary);
        copy.write("merges.txt", "#version: 0.2\nonly-one\n");
        assertThatThrownBy(() -> open(copy.folder())).hasMessageContaining("merges.txt: line 2");
        copy.write("merges.txt", "zzzz yyyy\n");
        assertThatThrownBy(() -> open(copy.folder())).hasMessageContaining("do not belong together");
        copy.write("vocab.json", "{\"a\": -1}");
        assertThatThrownBy(() -> open(copy.folder())).hasMessageContaining("the id of \"a\"");
        copy.write("vocab.json", "[]");
        assertThatThrownBy(() -> open(copy.folder())).hasMessageContaining("must hold a JSON object");
        ModelCopy bert = ModelCopy.of("text/tokenizer-bert-vocab-txt", temporary.resolve("bert"));
        bert.write("added_tokens.json", "{\"<far>\": 16000000}");
        assertThatThrownBy(() -> open(bert.folder())).hasMessageContaining("far beyond the vocabulary");
        bert.write("vocab.txt", "");
        assertThatThrownBy(() -> open(bert.folder())).hasMessageContaining("vocab.txt is empty");
    }

    @Test
    void a_class_that_cannot_be_built_is_named_with_those_that_can() {
        ModelCopy copy = ModelCopy.of("text/tokenizer-bert-vocab-txt", temporary);
        copy.write("tokenizer_config.json", "{\"tokenizer_class\": \"BertJapaneseTokenizer\"}");
        assertThatThrownBy(() -> open(copy.folder()))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("BertJapaneseTokenizer cannot be built")
                .hasMessageContaining("DebertaV2Tokenizer");
        copy.write("tokenizer_config.json", "{\"do_lower_case\": \"yes\", \"tokenizer_class\": \"BertTokenizer\"}");
        assertThatThrownBy(() -> open(copy.folder())).hasMessageContaining("\"do_lower_case\" must be true or false");
    }

    private static TextTokenizer open(Path folder) {
        return TextTokenizer.open(new Snapshot("file:" + folder.getFileName(), folder, ""), 1000);
    }
}
