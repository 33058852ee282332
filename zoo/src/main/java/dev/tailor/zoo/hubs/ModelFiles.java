package dev.tailor.zoo.hubs;

import com.google.gson.JsonElement;
import dev.tailor.TailorException;
import dev.tailor.hub.RelativeName;
import dev.tailor.json.Json;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The files of a repository that inference and transfer learning need: configuration, tokenizer and one set of weights — never
 * code, nor the same weights for other libraries.
 */
final class ModelFiles {
    /** Names that a loader looks for and may miss; the cache notes their absence, as Python does. */
    static final List<String> LOOKED_FOR = List.of(
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "model.safetensors.index.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json",
            "preprocessor_config.json",
            "processor_config.json",
            "adapter_config.json");

    private static final Pattern SMALL = Pattern.compile("""
            (config|generation_config|(video_)?preprocessor_config|processor_config|adapter_config|modules\
            |config_sentence_transformers|sentence_[a-z]+_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens\
            |normalizer|tekken|chat_template|vocab[\\w.-]*)\\.json\
            |vocab[\\w.-]*\\.txt|merges[\\w.-]*\\.txt|bpe\\.codes|dict\\.txt|[\\w.-]+\\.(model|spm|tiktoken)|chat_template\\.jinja|README\\.md""");

    /** A module of sentence-transformers: {@code 1_Pooling}, {@code 2_Dense}, {@code query_0_Transformer}. */
    private static final Pattern MODULE = Pattern.compile("([a-z]+_)?[0-9]+_[\\w.-]+");

    private static final Pattern SAFETENSORS = Pattern.compile("model[\\w.-]*\\.safetensors");
    private static final Pattern PICKLED = Pattern.compile("pytorch_model[\\w.-]*\\.bin");

    private final Set<String> names;
    private final Function<String, Optional<Path>> reader;
    private final Set<String> chosen = new TreeSet<>();

    private ModelFiles(Collection<String> names, Function<String, Optional<Path>> reader) {
        this.names = new HashSet<>(names);
        this.reader = reader;
    }

    /**
     * Chooses among the names of a model's folder.
     *
     * @param names all files, relative to the model's root
     * @param reader gives a shard index to read, downloading it if that is possible
     * @return the chosen files, sorted; a shard that an index names is among them even if {@code names} lacks it
     */
    static Set<String> choose(Collection<String> names, Function<String, Optional<Path>> reader) {
        ModelFiles files = new ModelFiles(names, reader);
        files.folder("");
        if (files.names.contains("modules.json")) {
            Set<String> modules = new TreeSet<>();
            for (String name : names) {
                int slash = name.indexOf('/');
                if (slash > 0 && MODULE.matcher(name.substring(0, slash)).matches()) {
                    modules.add(name.substring(0, slash + 1));
                }
            }
            modules.forEach(files::folder);
        }
        return files.chosen;
    }

    /** Whether a model cannot run without this file. */
    static boolean isEssential(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        return file.equals("config.json")
                || file.endsWith(".safetensors")
                || file.endsWith(".bin")
                || file.endsWith(".index.json");
    }

    private void folder(String folder) {
        for (String name : names) {
            if (name.startsWith(folder) && isSmall(name.substring(folder.length()))) {
                chosen.add(name);
            }
        }
        if (!weights(folder, "model.safetensors", SAFETENSORS)) {
            weights(folder, "pytorch_model.bin", PICKLED);
        }
        if (!take(folder + "adapter_model.safetensors")) {
            take(folder + "adapter_model.bin");
        }
    }

    private static boolean isSmall(String name) {
        return SMALL.matcher(name).matches() || name.matches("additional_chat_templates/[^/]+\\.jinja");
    }

    /** The single file, else the shards of the index, else whatever is named alike. */
    private boolean weights(String folder, String single, Pattern alike) {
        if (take(folder + single)) {
            return true;
        }
        String index = folder + single + ".index.json";
        if (take(index)) {
            reader.apply(index).ifPresent(file -> shards(file).forEach(shard -> chosen.add(folder + shard)));
            return true;
        }
        boolean found = false;
        for (String name : names) {
            if (name.startsWith(folder)
                    && alike.matcher(name.substring(folder.length())).matches()) {
                found = chosen.add(name) || found;
            }
        }
        return found;
    }

    private boolean take(String name) {
        if (names.contains(name)) {
            chosen.add(name);
            return true;
        }
        return false;
    }

    private static Set<String> shards(Path index) {
        JsonElement map = Json.readObject(index).get("weight_map");
        if (map == null || !map.isJsonObject()) {
            throw new TailorException(index + " has no object weight_map that names the shards");
        }
        Set<String> shards = new TreeSet<>();
        for (JsonElement shard : map.getAsJsonObject().asMap().values()) {
            String name = shard.isJsonPrimitive() ? shard.getAsString() : "";
            if (!RelativeName.isSafe(name) || name.indexOf('/') >= 0) {
                throw new TailorException(
                        index + " names the shard " + shard + "; a shard must be a file beside the index");
            }
            shards.add(name);
        }
        return shards;
    }
}
