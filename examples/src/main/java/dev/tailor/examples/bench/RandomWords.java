package dev.tailor.examples.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A language of made-up words, each of them one token, with its tokenizer. */
record RandomWords(int vocabulary) {
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    private static final int CLS = 2;
    private static final int SEP = 3;

    RandomWords {
        if (vocabulary <= SPECIAL.size()) {
            throw new IllegalArgumentException("a vocabulary needs more than " + SPECIAL.size() + " words");
        }
    }

    private List<String> words() {
        List<String> words = new ArrayList<>(SPECIAL);
        for (int id = words.size(); id < vocabulary; id++) {
            words.add("word" + id);
        }
        return words;
    }

    /** A text that becomes so many tokens, the two special ones included. */
    String text(SplittableRandom random, int tokens) {
        StringBuilder text = new StringBuilder();
        for (int i = 2; i < tokens; i++) {
            int id = random.nextInt(SPECIAL.size(), vocabulary);
            text.append(i > 2 ? " " : "").append("word").append(id);
        }
        return text.toString();
    }

    /** Writes {@code tokenizer.json} as a repository of BERT has it. */
    void write(Path folder) throws IOException {
        JsonObject vocab = new JsonObject();
        List<String> words = words();
        for (int id = 0; id < words.size(); id++) {
            vocab.addProperty(words.get(id), id);
        }
        JsonObject model = typed("WordPiece");
        model.addProperty("unk_token", "[UNK]");
        model.addProperty("continuing_subword_prefix", "##");
        model.addProperty("max_input_chars_per_word", 100);
        model.add("vocab", vocab);
        JsonObject around = typed("BertProcessing");
        around.add("sep", token("[SEP]", SEP));
        around.add("cls", token("[CLS]", CLS));
        JsonObject normalizer = typed("BertNormalizer");
        normalizer.addProperty("clean_text", true);
        normalizer.addProperty("handle_chinese_chars", true);
        normalizer.addProperty("lowercase", true);
        JsonObject tokenizer = new JsonObject();
        tokenizer.addProperty("version", "1.0");
        tokenizer.add("added_tokens", added());
        tokenizer.add("normalizer", normalizer);
        tokenizer.add("pre_tokenizer", typed("BertPreTokenizer"));
        tokenizer.add("post_processor", around);
        tokenizer.add("model", model);
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"BertTokenizer\", \"pad_token\": \"[PAD]\", \"model_max_length\": 512}");
    }

    private static JsonObject typed(String type) {
        JsonObject object = new JsonObject();
        object.addProperty("type", type);
        return object;
    }

    private static JsonArray token(String text, int id) {
        JsonArray token = new JsonArray();
        token.add(text);
        token.add(id);
        return token;
    }

    private static JsonArray added() {
        JsonArray all = new JsonArray();
        for (int id = 0; id < SPECIAL.size(); id++) {
            JsonObject token = new JsonObject();
            token.addProperty("id", id);
            token.addProperty("content", SPECIAL.get(id));
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                token.addProperty(flag, false);
            }
            token.addProperty("special", true);
            all.add(token);
        }
        return all;
    }
}
