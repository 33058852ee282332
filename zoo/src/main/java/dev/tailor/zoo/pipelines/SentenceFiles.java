package dev.tailor.zoo.pipelines;

import com.google.gson.JsonElement;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import dev.tailor.program.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that make a folder a sentence-transformers repository.
 *
 * @param modules the class names behind the network and their folders, in order; empty where the repository is none
 */
record SentenceFiles(String id, ModelConfig config, int length, Map<String, String> modules) {
    private static final String LIST = "modules.json";
    private static final String POOLING = "Pooling";

    static SentenceFiles read(Snapshot snapshot, ModelConfig config, int length) {
        Map<String, String> modules = new LinkedHashMap<>();
        Optional<Path> list = snapshot.file(LIST);
        if (list.isPresent()) {
            try {
                JsonElement all =
                        Json.parse(Files.readAllBytes(list.get()), list.get().toString(), false);
                for (JsonElement element : all.getAsJsonArray()) {
                    String type = element.getAsJsonObject().get("type").getAsString();
                    String folder = element.getAsJsonObject().get("path").getAsString();
                    modules.put(type.substring(type.lastIndexOf('.') + 1), folder);
                }
            } catch (IOException e) {
                throw new TailorException("Cannot read " + list.get() + ": " + e, e);
            }
        }
        return new SentenceFiles(snapshot.id(), config, length, modules);
    }

    boolean normalizes() {
        return modules.containsKey("Normalize");
    }

    /** Refuses layers behind the pooling, whose weights are not the network's. */
    void requireTrainable() {
        if (modules.containsKey("Dense")) {
            throw new TailorException(id + ": models with a Dense layer behind the pooling cannot be fitted");
        }
    }

    List<String> names(List<String> tokenizer) {
        List<String> names = new ArrayList<>(tokenizer);
        names.addAll(List.of(LIST, "sentence_bert_config.json", "config_sentence_transformers.json"));
        modules.forEach((type, folder) -> {
            if (!folder.isEmpty()) {
                names.add(folder + "/config.json");
            }
        });
        return names;
    }

    /** For a repository that is none yet: the mean of the token states. */
    Map<String, String> missing() {
        if (!modules.isEmpty()) {
            return Map.of();
        }
        Map<String, String> files = new LinkedHashMap<>();
        files.put("1_Pooling/config.json", """
            {
              "word_embedding_dimension": %d,
              "pooling_mode_cls_token": false,
              "pooling_mode_mean_tokens": true,
              "pooling_mode_max_tokens": false,
              "pooling_mode_mean_sqrt_len_tokens": false
            }
            """.formatted(width()));
        files.put("sentence_bert_config.json", """
            {
              "max_seq_length": %d,
              "do_lower_case": false
            }
            """.formatted(length));
        files.put(LIST, """
            [
              {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
              {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.%s"}
            ]
            """.formatted(POOLING));
        return files;
    }

    private long width() {
        for (String key : List.of("hidden_size", "dim", "d_model")) {
            if (config.has(key)) {
                return config.width(key, 0);
            }
        }
        throw new TailorException(config.source() + " does not tell the width of the token states");
    }
}
