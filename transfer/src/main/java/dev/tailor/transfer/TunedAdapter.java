package dev.tailor.transfer;

import dev.tailor.PretrainedModel;
import dev.tailor.TailorException;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.checkpoint.TensorData;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.program.Adapter;
import dev.tailor.program.AdapterFolder;
import dev.tailor.program.Head;
import dev.tailor.program.Program;
import dev.tailor.program.WeightSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A trained adapter: its thin matrices, and the modules that were trained whole.
 *
 * @param specs shapes by key
 * @param weights row-major, by key
 */
record TunedAdapter(Adapter adapter, Map<String, WeightSpec> specs, Map<String, float[]> weights) {
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";
    private static final String EMBEDDING_A = ".lora_embedding_A";
    private static final String EMBEDDING_B = ".lora_embedding_B";

    static TunedAdapter of(Adapter adapter, Program program, Map<String, float[]> weights) {
        Map<String, WeightSpec> specs = new LinkedHashMap<>();
        Map<String, float[]> own = new LinkedHashMap<>();
        program.weights().forEach((key, spec) -> {
            if (adapter.trains(key)) {
                specs.put(key, spec);
                own.put(key, Objects.requireNonNull(weights.get(key)));
            }
        });
        return new TunedAdapter(adapter, specs, own);
    }

    /** The network's weights with the adapter's change in them, and without its matrices. */
    Map<String, float[]> merged(Map<String, float[]> all) {
        Map<String, float[]> result = new LinkedHashMap<>();
        all.forEach((key, values) -> {
            if (!Adapter.owns(key)) {
                result.put(key, values.clone());
            }
        });
        for (String module : modules()) {
            float[] weight = Objects.requireNonNull(result.get(module + ".weight"));
            boolean embedding = weights.containsKey(module + EMBEDDING_A);
            String a = module + (embedding ? EMBEDDING_A : A);
            String b = module + (embedding ? EMBEDDING_B : B);
            float[] change =
                    product(Objects.requireNonNull(weights.get(b)), Objects.requireNonNull(weights.get(a)), spec(a));
            double scale = adapter.scale(module);
            int columns = change.length / (int) (long) spec(b).shape().get(0);
            int rows = change.length / columns;
            for (int i = 0; i < change.length; i++) {
                int at = embedding ? i % columns * rows + i / columns : i;
                weight[at] += (float) (scale * change[i]);
            }
        }
        return result;
    }

    private WeightSpec spec(String key) {
        return Objects.requireNonNull(specs.get(key));
    }

    /** {@code B A}, where a row of A may be a whole kernel. */
    private static float[] product(float[] b, float[] a, WeightSpec shapeOfA) {
        int rank = (int) (long) shapeOfA.shape().get(0);
        int columns = a.length / rank;
        int rows = b.length / rank;
        float[] result = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int r = 0; r < rank; r++) {
                float factor = b[row * rank + r];
                for (int c = 0; c < columns; c++) {
                    result[row * columns + c] += factor * a[r * columns + c];
                }
            }
        }
        return result;
    }

    private Set<String> modules() {
        Set<String> modules = new LinkedHashSet<>();
        for (String key : specs.keySet()) {
            for (String end : List.of(A, EMBEDDING_A)) {
                if (key.endsWith(end)) {
                    modules.add(key.substring(0, key.length() - end.length()));
                }
            }
        }
        return modules;
    }

    /**
     * Writes PEFT's folder.
     *
     * @param base how Python names the base model
     */
    void write(Path folder, PretrainedModel model, String base) {
        List<TensorData> tensors = new ArrayList<>();
        specs.forEach((key, spec) -> tensors.add(
                TensorData.of(AdapterFolder.storedName(key), spec.shape(), Objects.requireNonNull(weights.get(key)))));
        String config = AdapterFolder.config(adapter, base, taskType(model.head()), modules());
        try {
            Files.createDirectories(folder);
            Safetensors.write(folder.resolve(AdapterFolder.WEIGHTS), tensors, Map.of("format", "pt"));
            AtomicFiles.write(folder.resolve(AdapterFolder.CONFIG), config.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new TailorException("Cannot save the adapter to " + folder + ": " + e, e);
        }
    }

    /** PEFT's name of the task; it knows none for pictures. */
    private static String taskType(Head head) {
        return switch (head) {
            case SEQUENCE_CLASSIFICATION -> "SEQ_CLS";
            case TOKEN_CLASSIFICATION -> "TOKEN_CLS";
            case QUESTION_ANSWERING -> "QUESTION_ANS";
            case BASE -> "FEATURE_EXTRACTION";
            default -> "";
        };
    }
}
