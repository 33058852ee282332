package dev.tailor.zoo.tokenizers;

import static dev.tailor.zoo.tokenizers.Steps.metaspace;
import static dev.tailor.zoo.tokenizers.Steps.pattern;
import static dev.tailor.zoo.tokenizers.Steps.replace;
import static dev.tailor.zoo.tokenizers.Steps.sequence;
import static dev.tailor.zoo.tokenizers.Steps.step;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.tailor.zoo.tokenizers.SentencePieceModel.Piece;
import dev.tailor.zoo.tokenizers.Steps.Part;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A sentencepiece model in the terms of {@code tokenizer.json}, with what each class of the reference puts around it. The
 * normalization is the model's own, as sentencepiece runs it, not the approximation of {@code convert_slow_tokenizer.py}.
 */
final class SentencePieceBuilder {
    private static final int MOST_EXTRA = 10_000;
    private static final Set<SentencePieceModel.Type> HIDDEN =
            Set.of(SentencePieceModel.Type.UNKNOWN, SentencePieceModel.Type.CONTROL, SentencePieceModel.Type.UNUSED);

    private final TokenizerFiles files;
    private final TokenizerClass type;
    private final SpecialTokens special;
    private final Path file;
    private final SentencePieceModel model;
    private final TokenTable vocabulary;
    /** The highest score; user-defined symbols get one from it that always wins. */
    private final double best;

    SentencePieceBuilder(TokenizerFiles files, TokenizerClass type, SpecialTokens special) {
        this.files = files;
        this.type = type;
        this.special = special;
        this.file = files.sentencePiece();
        this.model = SentencePieceModel.read(file);
        this.vocabulary = TokenTable.scored(file.toString());
        this.best = model.pieces().stream()
                .filter(p -> p.type() == SentencePieceModel.Type.NORMAL)
                .mapToDouble(Piece::score)
                .max()
                .orElse(0);
    }

    JsonObject build() {
        int unknown = pieces();
        JsonArray added = special.addTo(vocabulary, ownTokens());
        hideUnmatchable(added);
        JsonObject template = template();
        JsonObject body = model.unigram()
                ? step("Unigram", "unk_id", unknown, "vocab", vocabulary.list(), "byte_fallback", model.byteFallback())
                : merging(unknown);
        return TokenizerFiles.document(added, normalizer(), preTokenizer(), template, body);
    }

    /** Merges must not touch what the user defined; unigrams choose it by its score. */
    private List<AddedToken> ownTokens() {
        List<AddedToken> own = new ArrayList<>();
        if (!model.unigram()) {
            model.pieces().stream()
                    .filter(p -> p.type() == SentencePieceModel.Type.USER_DEFINED)
                    .forEach(p -> own.add(new AddedToken(p.text(), false, false, false, false, false)));
        }
        for (int i = 0; i < extraIds(); i++) {
            own.add(new AddedToken("<extra_id_" + i + ">", false, true, true, false, true));
        }
        return own;
    }

    private int extraIds() {
        return type == TokenizerClass.T5 ? files.count("extra_ids", 100, MOST_EXTRA) : 0;
    }

    /** Sentencepiece finds no control symbol nor the unknown one in a text, unless the class around it looks for it. */
    private void hideUnmatchable(JsonArray added) {
        Set<String> found = new HashSet<>();
        added.forEach(t -> found.add(t.getAsJsonObject().get("content").getAsString()));
        model.pieces().stream()
                .filter(p -> HIDDEN.contains(p.type()))
                .map(Piece::text)
                .filter(t -> !found.contains(t))
                .forEach(vocabulary::hide);
    }

    /** Lists the pieces with the ids that the class gives them, and tells the unknown one's. */
    private int pieces() {
        List<Piece> pieces = model.pieces();
        int unknown = model.unknown();
        int from = 0;
        switch (type) {
            case XLM_ROBERTA -> {
                List.of("<s>", "<pad>", "</s>", "<unk>").forEach(t -> vocabulary.piece(t, 0));
                from = 3;
                unknown = 3;
            }
            case CAMEMBERT -> {
                List.of("<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>").forEach(t -> vocabulary.piece(t, 0));
                vocabulary.piece("<unk>NOTUSED", 0);
                from = 1;
                unknown = 3;
            }
            default -> {}
        }
        pieces.subList(Math.min(from, pieces.size()), pieces.size()).forEach(p -> vocabulary.piece(p.text(), score(p)));
        for (int i = extraIds() - 1; i >= 0; i--) {
            vocabulary.piece("<extra_id_" + i + ">", 0);
        }
        return unknown;
    }

    private double score(Piece piece) {
        String text = piece.text();
        int length = text.length();
        if (piece.type() == SentencePieceModel.Type.USER_DEFINED && model.unigram()) {
            return text.getBytes(StandardCharsets.UTF_8).length * best - 0.1;
        }
        // ALBERT cuts a comma off a number again.
        boolean cut = type == TokenizerClass.ALBERT
                && length > 1
                && text.charAt(length - 1) == ','
                && Character.isDigit(text.charAt(length - 2));
        return piece.score() - (cut ? 100.0 : 0);
    }

    private JsonObject merging(int unknown) {
        return step(
                "BPE",
                "dropout",
                JsonNull.INSTANCE,
                "unk_token",
                vocabulary.token(unknown),
                "continuing_subword_prefix",
                JsonNull.INSTANCE,
                "end_of_word_suffix",
                JsonNull.INSTANCE,
                "fuse_unk",
                true,
                "byte_fallback",
                model.byteFallback(),
                "vocab",
                vocabulary.table(),
                "merges",
                Merges.of(model, file));
    }

    private JsonObject normalizer() {
        List<JsonObject> steps = new ArrayList<>();
        if (type == TokenizerClass.ALBERT) {
            if (files.flag("remove_space", true)) {
                steps.add(replace("Regex", "[\\s\\x1c-\\x1f\\x{85}]+", " "));
            }
            steps.add(replace("String", "``", "\""));
            steps.add(replace("String", "''", "\""));
            if (!files.flag("keep_accents", false)) {
                steps.add(step("NFKD"));
                steps.add(step("StripAccents"));
            }
        }
        boolean lower = type == TokenizerClass.ALBERT || type == TokenizerClass.DEBERTA_V2;
        if (lower && files.flag("do_lower_case", type == TokenizerClass.ALBERT)) {
            steps.add(step("Lowercase"));
        }
        if (model.charsMap().length > 0) {
            String map = Base64.getEncoder().encodeToString(model.charsMap());
            if (CharsMap.composes(model.charsMap())) {
                // The native tokenizer gives a cluster the first rule that fits its beginning and loses the rest.
                steps.add(step("NFC"));
            }
            steps.add(step("Precompiled", "precompiled_charsmap", map));
        }
        if (model.removeExtraSpaces()) {
            steps.add(replace("Regex", " {2,}", " "));
            // The end is cut after spaces have become what stands for them, so that sign goes with them.
            steps.add(replace("Regex", legacy() ? "\\A |[ \u2581]+\\z" : "[ \u2581]+\\z", ""));
        }
        if (byWords()) {
            // A text may hold the sign itself; a word that begins with it still gets its own.
            steps.add(replace("Regex", "(?<![^ ])\u2581", SentencePieceModel.SPACE.repeat(2)));
        } else if (legacy()) {
            if (prefixed()) {
                steps.add(step("Prepend", "prepend", SentencePieceModel.SPACE));
            }
            steps.add(replace("String", " ", SentencePieceModel.SPACE));
        }
        return sequence("normalizers", steps);
    }

    /** Whether a text is cut into words before; that changes no id and makes offsets begin with the word, not the space. */
    private boolean byWords() {
        return legacy() && prefixed() && model.removeExtraSpaces() && model.splitsAtSpaces();
    }

    private boolean prefixed() {
        return model.dummyPrefix() && files.flag("add_prefix_space", true);
    }

    /** Where it is not, only the very beginning of a text gets a space, not what follows a special token. */
    private boolean legacy() {
        boolean choice = type == TokenizerClass.T5 || type == TokenizerClass.LLAMA;
        return !choice || files.flag("legacy", true);
    }

    private JsonObject preTokenizer() {
        List<JsonObject> steps = new ArrayList<>();
        if (byWords()) {
            steps.add(step("Split", "pattern", pattern("String", " "), "behavior", "Removed", "invert", false));
        }
        if (type == TokenizerClass.DEBERTA_V2 && files.flag("split_by_punct", false)) {
            steps.add(step("Punctuation", "behavior", "Isolated"));
        }
        if (byWords()) {
            steps.add(metaspace("always", false));
        } else if (!legacy()) {
            steps.add(metaspace(prefixed() ? "first" : "never", model.splitsAtSpaces()));
        } else if (model.splitsAtSpaces()) {
            steps.add(metaspace("never", true));
        }
        return steps.isEmpty() ? new JsonObject() : sequence("pretokenizers", steps);
    }

    private JsonObject template() {
        return switch (type) {
            case T5 -> {
                Part end =
                        Part.special(special.require("eos_token", files.model()).content(), 0);
                yield Steps.template(
                        List.of(Part.first(), end), List.of(Part.first(), end, Part.second(0), end), vocabulary);
            }
            case LLAMA ->
                ByteLevelBuilder.around(
                        files,
                        special,
                        files.flag("add_bos_token", true),
                        files.flag("add_eos_token", false),
                        vocabulary);
            case XLM_ROBERTA, CAMEMBERT -> {
                Part cls =
                        Part.special(special.require("cls_token", files.model()).content(), 0);
                Part sep =
                        Part.special(special.require("sep_token", files.model()).content(), 0);
                yield Steps.template(
                        List.of(cls, Part.first(), sep),
                        List.of(cls, Part.first(), sep, sep, Part.second(0), sep),
                        vocabulary);
            }
            default -> {
                Part cls =
                        Part.special(special.require("cls_token", files.model()).content(), 0);
                String sep = special.require("sep_token", files.model()).content();
                Part end = Part.special(sep, 0);
                yield Steps.template(
                        List.of(cls, Part.first(), end),
                        List.of(cls, Part.first(), end, Part.second(1), Part.special(sep, 1)),
                        vocabulary);
            }
        };
    }
}
