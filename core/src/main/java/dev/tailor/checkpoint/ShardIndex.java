package dev.tailor.checkpoint;

import com.google.gson.stream.MalformedJsonException;
import dev.tailor.json.JsonStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Opens the shards that an index such as {@code model.safetensors.index.json} lists, and checks one against the other. */
final class ShardIndex {
    private static final int LONGEST_NAME = 255;

    private ShardIndex() {}

    static Checkpoint open(Path index) {
        Map<String, String> fileOf = weightMap(index);
        Problems problems = new Problems();
        Map<String, Checkpoint> shards = new TreeMap<>();
        for (String shard : new TreeSet<>(fileOf.values())) {
            if (!isPlainName(shard)) {
                problems.add("\"" + Problems.shorten(shard) + "\" is no plain file name");
                continue;
            }
            Path file = index.resolveSibling(shard);
            if (!Files.exists(file)) {
                problems.add("the file " + shard + " is missing");
                continue;
            }
            try {
                shards.put(shard, CheckpointFiles.openFile(file, false));
            } catch (CheckpointException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        compare(fileOf, shards, problems);
        if (problems.any()) {
            throw new CheckpointException(
                    index, "The checkpoint of " + index + " is incomplete or damaged:" + problems, null);
        }
        return new ShardedCheckpoint(index.toString(), List.copyOf(shards.values()));
    }

    private static void compare(Map<String, String> fileOf, Map<String, Checkpoint> shards, Problems problems) {
        fileOf.forEach((tensor, file) -> {
            Checkpoint shard = shards.get(file);
            if (shard != null && !shard.names().contains(tensor)) {
                problems.add("tensor " + Problems.shorten(tensor) + " is not in " + file + ", where the index has it");
            }
        });
        shards.forEach((file, shard) -> {
            for (String tensor : shard.names()) {
                String listed = fileOf.get(tensor);
                if (!file.equals(listed)) {
                    problems.add("tensor " + Problems.shorten(tensor) + " is in " + file + ", and the index "
                            + (listed == null ? "does not list it" : "has it in " + Problems.shorten(listed)));
                }
            }
        });
    }

    /** Whether a name can only mean a file in the same folder, on every operating system. */
    private static boolean isPlainName(String name) {
        return !name.isBlank()
                && name.length() <= LONGEST_NAME
                && !name.equals(".")
                && !name.contains("..")
                && name.chars().noneMatch(c -> c < ' ' || "/\\:*?\"<>|".indexOf(c) >= 0);
    }

    private static Map<String, String> weightMap(Path index) {
        Map<String, String> fileOf = new LinkedHashMap<>();
        boolean[] found = {false};
        try {
            long size = Files.size(index);
            long limit = Math.min(Header.LARGEST, Runtime.getRuntime().maxMemory() / Header.HEAP_PER_BYTE);
            if (size > limit) {
                String message = "The index " + index + " has " + size + " bytes; with this JVM's heap the limit is ";
                throw new CheckpointException(index, message + limit, null);
            }
            try (InputStream in = Files.newInputStream(index)) {
                JsonStream.read(
                        in,
                        json -> json.object(field -> {
                            if (field.equals("weight_map")) {
                                found[0] = true;
                                json.object(tensor -> fileOf.put(tensor, json.string()));
                            } else {
                                json.skip();
                            }
                        }));
            }
        } catch (MalformedJsonException | EOFException e) {
            throw new CheckpointException(index, "The index " + index + " is not valid: " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new CheckpointException(index, "The index " + index + " is not valid UTF-8", e);
        } catch (IOException e) {
            throw new CheckpointException(index, "Cannot read " + index + ": " + e, e);
        }
        if (!found[0]) {
            throw new CheckpointException(index, "The index " + index + " has no weight_map", null);
        }
        return fileOf;
    }
}
