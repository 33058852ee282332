package dev.tailor.zoo.tokenizers;

import static dev.tailor.zoo.tokenizers.Steps.pattern;
import static dev.tailor.zoo.tokenizers.Steps.sequence;
import static dev.tailor.zoo.tokenizers.Steps.step;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.TailorException;
import dev.tailor.zoo.tokenizers.Steps.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Merges over bytes, from {@code vocab.json} and {@code merges.txt}: GPT-2, RoBERTa, BART, DeBERTa v1 and CLIP. */
final class ByteLevelBuilder {
    private static final String CLIP_WORDS =
            "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

    private final TokenizerFiles files;
    private final TokenizerClass type;
    private final SpecialTokens special;

    ByteLevelBuilder(TokenizerFiles files, TokenizerClass type, SpecialTokens special) {
        this.files = files;
        this.type = type;
        this.special = special;
    }

    JsonObject build() {
        Path file = files.require("vocab.json");
        TokenTable vocabulary = TokenTable.of(TokenizerText.ids(file), file.toString());
        JsonArray merges = merges(files.require("merges.txt"), vocabulary);
        JsonArray added = special.addTo(vocabulary, List.of());
        boolean clip = type == TokenizerClass.CLIP;
        boolean prefixSpace = files.flag("add_prefix_space", false);
        JsonObject postProcessor = postProcessor(vocabulary, prefixSpace);
        JsonObject model = step(
                "BPE",
                "dropout",
                JsonNull.INSTANCE,
                "unk_token",
                clip
                        ? new JsonPrimitive(
                                special.require("unk_token", files.model()).content())
                        : JsonNull.INSTANCE,
                "continuing_subword_prefix",
                "",
                "end_of_word_suffix",
                clip ? "</w>" : "",
                "fuse_unk",
                false,
                "byte_fallback",
                false,
                "vocab",
                vocabulary.table(),
                "merges",
                merges);
        return TokenizerFiles.document(
                added,
                clip ? clipNormalizer() : new JsonObject(),
                clip ? clipWords() : Steps.byteLevel(prefixSpace),
                postProcessor,
                model);
    }

    /** Pairs in the order of their rank; the first line may name the version. */
    private static JsonArray merges(Path file, TokenTable vocabulary) {
        JsonArray merges = new JsonArray();
        List<String> lines = TokenizerText.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#version")) {
                continue;
            }
            String[] parts = line.strip().split(" ", -1);
            if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
                throw new TailorException(file + ": line " + (i + 1)
                        + " must hold two parts with a space between them, found \"" + line + "\"");
            }
            if (vocabulary.id(parts[0]) == null
                    || vocabulary.id(parts[1]) == null
                    || vocabulary.id(parts[0] + parts[1]) == null) {
                throw new TailorException(
                        file + ": line " + (i + 1) + " merges \"" + line
                                + "\", of which a part or the whole is not in vocab.json; the two files do not belong together");
            }
            JsonArray pair = new JsonArray(2);
            pair.add(parts[0]);
            pair.add(parts[1]);
            merges.add(pair);
        }
        return merges;
    }

    private JsonObject postProcessor(TokenTable vocabulary, boolean prefixSpace) {
        return switch (type) {
            case CLIP -> roberta("eos_token", "bos_token", false, false, vocabulary);
            case GPT2 -> gpt2(vocabulary);
            case DEBERTA -> {
                String cls = special.require("cls_token", files.model()).content();
                String sep = special.require("sep_token", files.model()).content();
                List<Part> single = List.of(Part.special(cls, 0), Part.first(), Part.special(sep, 0));
                List<Part> pair = new ArrayList<>(single);
                pair.addAll(List.of(Part.second(1), Part.special(sep, 1)));
                yield Steps.template(single, pair, vocabulary);
            }
            default -> roberta("sep_token", "cls_token", files.flag("trim_offsets", true), prefixSpace, vocabulary);
        };
    }

    private JsonObject roberta(
            String last, String first, boolean trimOffsets, boolean prefixSpace, TokenTable vocabulary) {
        return step(
                "RobertaProcessing",
                "sep",
                pair(special.require(last, files.model()).content(), vocabulary),
                "cls",
                pair(special.require(first, files.model()).content(), vocabulary),
                "trim_offsets",
                trimOffsets,
                "add_prefix_space",
                prefixSpace);
    }

    private JsonObject gpt2(TokenTable vocabulary) {
        boolean bos = files.flag("add_bos_token", false);
        boolean eos = files.flag("add_eos_token", false);
        if (!bos && !eos) {
            return step("ByteLevel", "add_prefix_space", true, "trim_offsets", false, "use_regex", true);
        }
        return around(files, special, bos, eos, vocabulary);
    }

    /** The beginning and the end of generating models, around each text. */
    static JsonObject around(
            TokenizerFiles files, SpecialTokens special, boolean bos, boolean eos, TokenTable vocabulary) {
        List<Part> single = new ArrayList<>();
        List<Part> second = new ArrayList<>();
        if (bos) {
            String token = special.require("bos_token", files.model()).content();
            single.add(Part.special(token, 0));
            second.add(Part.special(token, 1));
        }
        single.add(Part.first());
        second.add(Part.second(1));
        if (eos) {
            String token = special.require("eos_token", files.model()).content();
            single.add(Part.special(token, 0));
            second.add(Part.special(token, 1));
        }
        List<Part> pair = new ArrayList<>(single);
        pair.addAll(second);
        return Steps.template(single, pair, vocabulary);
    }

    private static JsonArray pair(String token, TokenTable vocabulary) {
        JsonArray pair = new JsonArray(2);
        pair.add(token);
        pair.add(vocabulary.add(token));
        return pair;
    }

    private static JsonObject clipNormalizer() {
        return sequence("normalizers", List.of(step("NFC"), Steps.replace("Regex", "\\s+", " "), step("Lowercase")));
    }

    private static JsonObject clipWords() {
        return sequence(
                "pretokenizers",
                List.of(
                        step("Split", "pattern", pattern("Regex", CLIP_WORDS), "behavior", "Removed", "invert", true),
                        Steps.byteLevel(false)));
    }
}
