package dev.tailor.zoo.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.zoo.preprocess.TextTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of the refused files was seen to end the process, or to stop it for minutes, where the native tokenizer got it. */
class HostileTokenizersTest {
    private static final String BASE = """
            {"version": "1.0", "added_tokens": [], "normalizer": null, "post_processor": null, "decoder": null,
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
             "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]}}""";

    @TempDir
    Path temporary;

    private TextTokenizer open(JsonObject json) {
        try {
            Files.writeString(temporary.resolve("tokenizer.json"), json.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return TextTokenizer.open(new Snapshot("file:hostile", temporary, ""), 32);
    }

    private static JsonObject base(String key, String value) {
        JsonObject json = JsonParser.parseString(BASE).getAsJsonObject();
        JsonElement parsed = JsonParser.parseString(value);
        if (key.startsWith("model.")) {
            json.getAsJsonObject("model").add(key.substring(6), parsed);
        } else {
            json.add(key, parsed);
        }
        return json;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "normalizer | {'type':'Replace','pattern':{'Regex':'b*'},'content':'x'} | where there is nothing",
                "normalizer | {'type':'Replace','pattern':{'String':''},'content':'x'} | where there is nothing",
                "normalizer | {'type':'Sequence','normalizers':[{'type':'Prepend','prepend':''}]} | empty text before",
                "normalizer | {'type':'Replace','pattern':{'Regex':'(x+x+)+y'},'content':'x'} | several ways",
                "pre_tokenizer | {'type':'FixedLength','length':0} | parts of length 0",
                "decoder | {'type':'Strip','content':'a','start':0,'stop':1} | strips the ends",
                "model.continuing_subword_prefix | '##' | second part",
                "model.max_input_chars_per_word | 100000 | at most 1000",
                "added_tokens | [{'id':3,'content':7}] | a text",
                "post_processor | {'type':'TemplateProcessing','single':[{'Sequence':{'id':'B','type_id':0}}]} | once",
                "post_processor | {'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'[Z]','type_id':0}}],"
                        + "'special_tokens':{}} | special_tokens lack",
            })
    void what_would_end_the_process_is_refused(String key, String value, String message) {
        assertThatThrownBy(() -> open(base(key, value.replace('\'', '"'))))
                .isInstanceOf(TailorException.class)
                .hasMessageContainingAll("tokenizer.json is not a tokenizer that can be read", message);
    }

    @Test
    void steps_tokens_and_growth_have_bounds() {
        JsonArray steps = new JsonArray();
        for (int i = 0; i < 300; i++) {
            steps.add(JsonParser.parseString("{\"type\": \"Lowercase\"}"));
        }
        JsonObject many = new JsonObject();
        many.add("normalizers", steps);
        assertThatThrownBy(() -> open(base("normalizer", many.toString()))).hasMessageContaining("256 steps");
        JsonArray doubling = new JsonArray();
        for (int i = 0; i < 10; i++) {
            doubling.add(JsonParser.parseString(
                    "{\"type\": \"Replace\", \"pattern\": {\"String\": \"x\"}, \"content\": \"xx\"}"));
        }
        many.add("normalizers", doubling);
        assertThatThrownBy(() -> open(base("normalizer", many.toString()))).hasMessageContaining("64 times as long");
        JsonObject token = JsonParser.parseString("{\"id\": 3}").getAsJsonObject();
        token.addProperty("content", "x".repeat(5000));
        assertThatThrownBy(() -> open(base("added_tokens", "[" + token + "]"))).hasMessageContaining("5000 characters");
        JsonArray tokens = new JsonArray();
        for (int i = 0; i <= 40_000; i++) {
            tokens.add(JsonParser.parseString("{\"id\": " + (i + 3) + ", \"content\": \"t" + i + "\"}"));
        }
        assertThatThrownBy(() -> open(base("added_tokens", tokens.toString())))
                .hasMessageContaining("more than 40000 tokens");
    }

    @Test
    void an_added_token_must_not_vanish_when_it_is_normalized() {
        JsonObject json = base(
                "added_tokens",
                "[{\"id\": 3, \"content\": \"a\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false,"
                        + " \"normalized\": true, \"special\": true}]");
        json.add(
                "normalizer",
                JsonParser.parseString("{\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \"\"}"));
        assertThatThrownBy(() -> open(json)).hasMessageContaining("nothing is left of the added token \"a\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "(a|aa)+$",
                "(x+x+)+y",
                "a*a*b",
                "(a?){30}a{30}",
                "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaaaa",
                "(?=(x+x+)+y)",
                "x*(?=x*y)",
                "(?<n>x+)\\k<n>",
                "(x)\\1*y",
                "(?<r>a\\g<r>?b?)",
                "(?x) ( a + ) +",
                "(?#x)(a+)+",
                "(?~abc)",
                "a{2}+{9}",
                "[]a]*[^]b]*c"
            })
    void patterns_whose_tries_explode_are_refused(String pattern) {
        assertThatThrownBy(() -> PatternCheck.of(pattern))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("could end the process");
    }

    @Test
    void patterns_that_lie_too_deep_are_refused() {
        assertThatThrownBy(() -> PatternCheck.of("(".repeat(5000) + "a" + ")".repeat(5000)))
                .hasMessageContaining("50 deep");
        assertThatThrownBy(() -> PatternCheck.of("a".repeat(100_000))).hasMessageContaining("100000 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|"
                        + "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                        + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+",
                " ?[^(\\s|[.,!?…。，、।۔،])]+",
                "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
                "\\d{1,3}(?=(?:\\d{3})*\\b)",
                "(?=(\\d{3})+(?!\\d))",
                " {2,}",
                "\\s+$"
            })
    void the_patterns_of_published_tokenizers_pass(String pattern) throws IOException {
        PatternCost cost = PatternCheck.of(pattern);
        assertThat(cost.deeper()).isFalse();
        assertThat(cost.triesPerCharacter()).isLessThan(10);
    }

    @Test
    void texts_that_a_pattern_may_give_up_on_are_refused() {
        JsonObject json = base(
                "pre_tokenizer",
                "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+\"},"
                        + " \"behavior\": \"Isolated\", \"invert\": false}");
        try (TextTokenizer tokenizer = open(json)) {
            assertThat(tokenizer.encode(" ".repeat(4_000_000), null).ids()).isEmpty();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tokenizer.encode(" ".repeat(12_000_000), null))
                    .withMessageContaining("split it");
        }
    }

    @Test
    void a_text_that_a_tokenizer_has_no_tokens_for_is_told() {
        JsonObject json = base("model", "{\"type\": \"WordLevel\", \"vocab\": {\"a\": 0}, \"unk_token\": \"[UNK]\"}");
        try (TextTokenizer tokenizer = open(json)) {
            assertThat(tokenizer.encode("a", null).ids()).containsExactly(0);
            assertThatThrownBy(() -> tokenizer.encode("zz", null))
                    .isInstanceOf(TailorException.class)
                    .hasMessageContaining("cannot read a text");
        }
    }

    @Test
    void a_stride_stored_in_the_file_does_not_count() {
        JsonObject json = base(
                "truncation",
                "{\"direction\": \"Right\", \"max_length\": 4, \"strategy\": \"LongestFirst\", \"stride\": 1000}");
        try (TextTokenizer tokenizer = open(json)) {
            assertThat(tokenizer.encode("ab".repeat(100), null).ids()).hasSize(32);
        }
    }

    @Test
    void a_file_that_is_no_tokenizer_is_refused() throws IOException {
        for (String text : new String[] {"", "null", "[]", "{}", "[".repeat(100_000), "{\"model\": null}"}) {
            Files.writeString(temporary.resolve("tokenizer.json"), text, StandardCharsets.UTF_8);
            assertThatThrownBy(() -> TextTokenizer.open(new Snapshot("file:hostile", temporary, ""), 32))
                    .isInstanceOf(TailorException.class)
                    .hasMessageContaining("tokenizer.json is not a tokenizer");
        }
    }
}
