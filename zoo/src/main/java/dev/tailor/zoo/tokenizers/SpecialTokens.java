package dev.tailor.zoo.tokenizers;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a repository adds to its vocabulary, after {@code tokenizer_config.json}, {@code special_tokens_map.json} and
 * {@code added_tokens.json}, in the order of precedence that transformers has.
 *
 * @param roles such as {@code cls_token}; what a repository sets to null is absent
 * @param more special tokens without a role
 * @param byId tokens whose ids are given
 */
record SpecialTokens(Map<String, AddedToken> roles, List<AddedToken> more, Map<Integer, AddedToken> byId) {
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");
    private static final List<String> EXTRA = List.of("additional_special_tokens", "extra_special_tokens");
    private static final Pattern ID = Pattern.compile("[0-9]{1,8}");

    static SpecialTokens read(Snapshot snapshot, JsonObject config, TokenizerClass.Defaults defaults) {
        String source = snapshot.id() + ", tokenizer_config.json";
        JsonObject merged = config.deepCopy();
        boolean decoded = config.get("added_tokens_decoder") instanceof JsonObject;
        Optional<Path> map = snapshot.file("special_tokens_map.json");
        if (!decoded && map.isPresent()) {
            Json.readObject(map.get()).entrySet().forEach(e -> merged.add(e.getKey(), e.getValue()));
        }
        Map<String, AddedToken> roles = new LinkedHashMap<>();
        for (String role : ROLES) {
            AddedToken token = role(merged, role, defaults, source);
            if (token != null) {
                roles.put(role, token);
            }
        }
        List<AddedToken> more = new ArrayList<>();
        for (String key : EXTRA) {
            if (merged.get(key) instanceof JsonArray tokens) {
                tokens.forEach(t -> more.add(AddedToken.read(t, source).asSpecial()));
            } else if (merged.get(key) instanceof JsonObject tokens) {
                tokens.entrySet()
                        .forEach(t ->
                                more.add(AddedToken.read(t.getValue(), source).asSpecial()));
            }
        }
        Map<Integer, AddedToken> byId = decoded ? decoder(config, source) : added(snapshot, roles, more);
        // A role that is but a name takes the settings of the token of this name.
        byId.values()
                .forEach(known -> roles.replaceAll(
                        (role, token) -> token.content().equals(known.content()) ? known.asSpecial() : token));
        return new SpecialTokens(roles, List.copyOf(more), byId);
    }

    private static @Nullable AddedToken role(
            JsonObject config, String role, TokenizerClass.Defaults defaults, String source) {
        JsonElement value = config.get(role);
        String content = defaults.tokens().get(role);
        if (config.has(role)) {
            if (value.isJsonNull()) {
                return null;
            }
            AddedToken token = AddedToken.read(value, source + ", " + role);
            return value.isJsonObject()
                    ? token.asSpecial()
                    : AddedToken.special(token.content(), defaults.strips().contains(role));
        }
        return content == null
                ? null
                : AddedToken.special(content, defaults.strips().contains(role));
    }

    private static Map<Integer, AddedToken> decoder(JsonObject config, String source) {
        Map<Integer, AddedToken> byId = new TreeMap<>();
        for (Map.Entry<String, JsonElement> entry :
                config.getAsJsonObject("added_tokens_decoder").entrySet()) {
            if (!ID.matcher(entry.getKey()).matches()) {
                throw new TailorException(
                        source + ": added_tokens_decoder must have ids as keys, found " + entry.getKey());
            }
            AddedToken token = AddedToken.read(entry.getValue(), source + ", added_tokens_decoder");
            byId.put(Integer.valueOf(entry.getKey()), token);
        }
        return byId;
    }

    private static Map<Integer, AddedToken> added(
            Snapshot snapshot, Map<String, AddedToken> roles, List<AddedToken> more) {
        Map<Integer, AddedToken> byId = new TreeMap<>();
        snapshot.file("added_tokens.json")
                .ifPresent(file -> TokenizerText.ids(file).forEach((content, id) -> {
                    Optional<AddedToken> special = Stream.concat(roles.values().stream(), more.stream())
                            .filter(t -> t.content().equals(content))
                            .findFirst();
                    byId.put(id, special.orElseGet(() -> new AddedToken(content, false, false, false, true, false)));
                }));
        return byId;
    }

    /** The token of a role, which a class cannot do without. */
    AddedToken require(String role, String model) {
        AddedToken token = roles.get(role);
        if (token == null) {
            throw new TailorException(
                    model + ": tokenizer_config.json takes away the " + role + " that its tokenizer needs");
        }
        return token;
    }

    /** Gives every token an id, new ones at the end of the vocabulary, and lists them as {@code tokenizer.json} does. */
    JsonArray addTo(TokenTable vocabulary, List<AddedToken> first) {
        byId.forEach((id, token) -> vocabulary.place(token.content(), id));
        Map<Integer, AddedToken> all = new TreeMap<>();
        first.forEach(t -> all.put(vocabulary.add(t.content()), t));
        more.forEach(t -> all.put(vocabulary.add(t.content()), t));
        roles.values().forEach(t -> all.put(vocabulary.add(t.content()), t));
        all.putAll(byId);
        JsonArray tokens = new JsonArray();
        all.forEach((id, token) -> tokens.add((vocabulary.inRawText() ? token.inRawText() : token).toJson(id)));
        return tokens;
    }
}
