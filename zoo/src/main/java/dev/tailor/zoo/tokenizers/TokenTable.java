package dev.tailor.zoo.tokenizers;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tokens and ids while a tokenizer is put together; those of sentencepiece have scores besides and leave no id free. */
final class TokenTable {
    /** Real repositories leave a few ids free; a hostile one must not make a list of millions. */
    private static final int MOST_FREE = 100_000;

    /** Begins the names of ids that no token has: a character that texts do not hold. */
    private static final String FREE = "\uFDD0";

    private final String source;
    private final Map<String, Integer> ids;
    private final @Nullable List<Double> scores;
    private final List<String> tokens = new ArrayList<>();
    private int end;

    private TokenTable(String source, Map<String, Integer> ids, @Nullable List<Double> scores) {
        this.source = source;
        this.ids = ids;
        this.scores = scores;
    }

    /** Tokens with ids of their own. */
    static TokenTable of(Map<String, Integer> ids, String source) {
        TokenTable vocabulary = new TokenTable(source, new HashMap<>(ids), null);
        vocabulary.end = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
        return vocabulary;
    }

    /** An empty vocabulary of pieces with scores. */
    static TokenTable scored(String source) {
        return new TokenTable(source, new HashMap<>(), new ArrayList<>());
    }

    /** Appends a piece of sentencepiece; of equal ones the first keeps its id. */
    void piece(String text, double score) {
        List<Double> all = Objects.requireNonNull(scores);
        ids.putIfAbsent(text, tokens.size());
        tokens.add(text);
        all.add(score);
        end = tokens.size();
    }

    /** Whether added tokens are looked for before normalization, as sentencepiece's wrappers do. */
    boolean inRawText() {
        return scores != null;
    }

    @Nullable
    Integer id(String token) {
        return ids.get(token);
    }

    /** The id of a token, a new one at the end if it has none. */
    int add(String token) {
        Integer known = ids.get(token);
        if (known != null) {
            return known;
        }
        int id = end;
        place(token, id);
        return id;
    }

    /** Gives a token an id; what bore it before loses its name. */
    void place(String token, int id) {
        if (Integer.valueOf(id).equals(ids.get(token))) {
            return;
        }
        if (id > end + MOST_FREE) {
            throw new TailorException(source + ": the added token \"" + token + "\" has the id " + id
                    + ", far beyond the vocabulary's " + end + " entries");
        }
        if (scores == null) {
            ids.values().removeIf(used -> used == id);
            ids.put(token, id);
            end = Math.max(end, id + 1);
            return;
        }
        while (tokens.size() <= id) {
            piece(FREE + tokens.size(), 0);
        }
        ids.remove(tokens.get(id));
        Integer before = ids.put(token, id);
        if (before != null) {
            tokens.set(before, FREE + before);
        }
        tokens.set(id, token);
    }

    /** The piece of an id, as it is named now. */
    String token(int id) {
        return tokens.get(id);
    }

    /** Takes a piece's name away, so that no text is found to hold it; its id stays. */
    void hide(String piece) {
        Integer id = ids.get(piece);
        if (id != null) {
            tokens.set(id, FREE + id);
        }
    }

    /** {@code {token: id}}, for word pieces and merges. */
    JsonObject table() {
        JsonObject table = new JsonObject();
        if (scores == null) {
            ids.forEach(table::addProperty);
        } else {
            for (int i = 0; i < tokens.size(); i++) {
                table.addProperty(tokens.get(i), i);
            }
        }
        return table;
    }

    /** {@code [[token, score], ...]}, for unigrams. */
    JsonElement list() {
        List<Double> all = Objects.requireNonNull(scores);
        JsonArray list = new JsonArray(tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            JsonArray entry = new JsonArray(2);
            entry.add(tokens.get(i));
            entry.add(all.get(i));
            list.add(entry);
        }
        return list;
    }
}
