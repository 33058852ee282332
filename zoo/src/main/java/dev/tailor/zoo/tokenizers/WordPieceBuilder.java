package dev.tailor.zoo.tokenizers;

import static dev.tailor.zoo.tokenizers.Steps.step;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.zoo.tokenizers.Steps.Part;
import java.nio.file.Path;
import java.util.List;

/** BERT's tokenizer from {@code vocab.txt}. */
final class WordPieceBuilder {
    private final TokenizerFiles files;
    private final TokenizerClass type;
    private final SpecialTokens special;

    WordPieceBuilder(TokenizerFiles files, TokenizerClass type, SpecialTokens special) {
        this.files = files;
        this.type = type;
        this.special = special;
    }

    JsonObject build() {
        Path file = files.require("vocab.txt");
        TokenTable vocabulary = TokenTable.of(TokenizerText.lineNumbers(file), file.toString());
        JsonArray added = special.addTo(vocabulary, List.of());
        String unknown = special.require("unk_token", files.model()).content();
        String cls = special.require("cls_token", files.model()).content();
        String sep = special.require("sep_token", files.model()).content();
        boolean mpnet = type == TokenizerClass.MPNET;
        List<Part> single = List.of(Part.special(cls, 0), Part.first(), Part.special(sep, 0));
        List<Part> pair = mpnet
                ? List.of(
                        Part.special(cls, 0),
                        Part.first(),
                        Part.special(sep, 0),
                        Part.special(sep, 0),
                        Part.second(0),
                        Part.special(sep, 0))
                : List.of(
                        Part.special(cls, 0), Part.first(), Part.special(sep, 0), Part.second(1), Part.special(sep, 1));
        boolean basic = files.flag("do_basic_tokenize", true);
        JsonObject template = Steps.template(single, pair, vocabulary);
        JsonObject model = step(
                "WordPiece",
                "unk_token",
                unknown,
                "continuing_subword_prefix",
                "##",
                "max_input_chars_per_word",
                100,
                "vocab",
                vocabulary.table());
        return TokenizerFiles.document(
                added,
                basic ? normalizer() : new JsonObject(),
                step(basic ? "BertPreTokenizer" : "WhitespaceSplit"),
                template,
                model);
    }

    private JsonObject normalizer() {
        return step(
                "BertNormalizer",
                "clean_text",
                true,
                "handle_chinese_chars",
                files.flag("tokenize_chinese_chars", true),
                "strip_accents",
                files.has("strip_accents") ? new JsonPrimitive(files.flag("strip_accents", true)) : JsonNull.INSTANCE,
                "lowercase",
                files.flag("do_lower_case", true));
    }
}
