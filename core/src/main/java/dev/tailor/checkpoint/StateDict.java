package dev.tailor.checkpoint;

import dev.tailor.checkpoint.PickledValue.Dict;
import dev.tailor.checkpoint.PickledValue.Entry;
import dev.tailor.checkpoint.PickledValue.Tensor;
import dev.tailor.checkpoint.PickledValue.Text;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds a network's tensors in what a training script saved. */
final class StateDict {
    /** The keys under which scripts put it, the likeliest first; an average over training only where nothing else is there. */
    private static final List<String> WRAPPERS = List.of(
            "state_dict",
            "model_state_dict",
            "model_state",
            "model",
            "net",
            "network",
            "module",
            "weights",
            "params",
            "params_ema",
            "state_dict_ema",
            "model_ema",
            "ema");

    /** What wrappers of a network put before every name. */
    private static final List<String> PREFIXES = List.of("module.", "_orig_mod.");

    /** The counter that an averaged model keeps beside its {@code module}. */
    private static final String COUNTER = "n_averaged";

    private static final int DEEPEST = 8;

    /** What an entry costs beside its name. */
    private static final int ENTRY = 64;

    private static final int HEAP_PER_CHARACTER = 16;

    private final TorchFile file;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /** Dicts can hold one another, so that names could be endless. */
    private long left = Runtime.getRuntime().maxMemory() / HEAP_PER_CHARACTER;

    private StateDict(TorchFile file) {
        this.file = file;
    }

    /** The tensors by name; those of nested dicts joined by dots. */
    static Map<String, Tensor> of(TorchFile file) {
        return new StateDict(file).flat(unwrapped(file.dict(), Collections.newSetFromMap(new IdentityHashMap<>())));
    }

    /** The tensors of the dict under a key. */
    static Map<String, Tensor> of(TorchFile file, String key) {
        Dict root = file.dict();
        if (root.get(key).orElse(null) instanceof Dict dict) {
            return new StateDict(file).flat(dict);
        }
        Set<String> dicts = new TreeSet<>();
        for (Entry entry : root.entries()) {
            if (entry.value() instanceof Dict && entry.key() instanceof Text text) {
                dicts.add(text.value());
            }
        }
        throw new CheckpointException(
                file.file(), file.file() + " has no dict " + key + "; it has the dicts " + dicts, null);
    }

    /** Names without what DataParallel and torch.compile put before all of them. */
    static <T> Map<String, T> withoutWrapper(Map<String, T> tensors) {
        for (String prefix : PREFIXES) {
            boolean all = tensors.keySet().stream().allMatch(name -> name.startsWith(prefix) || name.equals(COUNTER));
            if (all && tensors.keySet().stream().anyMatch(name -> name.startsWith(prefix))) {
                Map<String, T> bare = new LinkedHashMap<>();
                tensors.forEach((name, tensor) ->
                        bare.put(name.equals(COUNTER) ? name : name.substring(prefix.length()), tensor));
                return bare.size() == tensors.size() ? withoutWrapper(bare) : tensors;
            }
        }
        return tensors;
    }

    private static Dict unwrapped(Dict dict, Set<Dict> seen) {
        if (seen.add(dict) && seen.size() < DEEPEST) {
            for (String wrapper : WRAPPERS) {
                if (dict.get(wrapper).orElse(null) instanceof Dict nested && !seen.contains(nested)) {
                    Dict found = unwrapped(nested, seen);
                    if (holdsTensors(found)) {
                        return found;
                    }
                }
            }
        }
        return dict;
    }

    private static boolean holdsTensors(Dict dict) {
        return dict.entries().stream().anyMatch(e -> e.value() instanceof Tensor && e.key() instanceof Text);
    }

    private Map<String, Tensor> flat(Dict dict) {
        collect("", dict, 0);
        if (tensors.isEmpty()) {
            throw wrong(null, "holds no tensors under names; see PyTorch.data for what it holds");
        }
        return tensors;
    }

    private void collect(String path, Dict dict, int depth) {
        for (Entry entry : dict.entries()) {
            left -= ENTRY;
            if (entry.key() instanceof Text key
                    && (entry.value() instanceof Tensor || (entry.value() instanceof Dict && depth < DEEPEST))) {
                left -= path.length() + key.value().length();
                if (left < 0) {
                    throw wrong(null, "holds dicts within dicts without end");
                }
                String name = path + key.value();
                if (entry.value() instanceof Dict nested) {
                    collect(name + ".", nested, depth + 1);
                } else if (entry.value() instanceof Tensor tensor && tensors.put(name, tensor) != null) {
                    throw wrong(name, "holds two tensors named " + Problems.shorten(name));
                }
            }
        }
    }

    private CheckpointException wrong(@Nullable String tensor, String what) {
        return new CheckpointException(
                file.file().toString(), tensor, "The PyTorch file " + file.file() + " " + what, null);
    }
}
