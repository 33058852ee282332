package dev.tailor.engine.torch;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.tailor.engine.Engine.Settings;
import dev.tailor.program.TracedModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Gives a module its weights; those that another module of the process has already are taken from there. */
final class ModuleBinding {
    private final TracedModel model;
    private final Settings settings;
    private final InferenceText text;
    private final Map<String, String> meanings;
    private final int threads;
    /** What this module has to let go of. */
    private final Set<String> held = new HashSet<>();

    private ModuleBinding(TracedModel model, Settings settings, Lowered lowered) {
        this.model = model;
        this.settings = settings;
        this.text = lowered.text();
        this.meanings = lowered.meanings();
        // Operators beside those kernels run on the caller's thread alone.
        this.threads = lowered.target().clamped() ? 1 : settings.threads();
    }

    static TorchModule load(TracedModel model, Settings settings, Lowered lowered) {
        Set<StoredFiles.State> files = new LinkedHashSet<>();
        lowered.stored().values().forEach(t -> files.add(t.file()));
        // An adapter's file comes last, so modules of one base meet at the base's.
        Object first = files.isEmpty() ? "" : files.iterator().next();
        synchronized (SharedTensors.process().lock(first)) {
            return new ModuleBinding(model, settings, lowered).load();
        }
    }

    private TorchModule load() {
        Map<String, PtNDArray> found = SharedTensors.process().take(meanings.values());
        held.addAll(found.keySet());
        boolean loaded = false;
        try {
            Map<String, PtNDArray> ready = new LinkedHashMap<>();
            meanings.forEach((name, meaning) -> {
                PtNDArray array = found.get(meaning);
                if (array != null) {
                    ready.put(name, array);
                }
            });
            TorchModule module =
                    TorchModule.load(settings.model(), text.module(ready.keySet()), settings.device(), threads, false);
            try {
                bind(module, ready);
                module.afterwards(() -> SharedTensors.process().release(held));
                loaded = true;
                return module;
            } finally {
                if (!loaded) {
                    module.close();
                }
            }
        } finally {
            if (!loaded) {
                SharedTensors.process().release(held);
            }
        }
    }

    private void bind(TorchModule module, Map<String, PtNDArray> ready) {
        // The owner keeps what bind computed, and those mapped arrays that this may be a view of.
        NDManager owner = module.owner();
        PtNDArray[] weights = BoundWeights.of(model, owner);
        Map<String, PtNDArray> raw = new HashMap<>();
        List<PtNDArray> arguments = new ArrayList<>();
        for (String key : model.program().weights().keySet()) {
            raw.put(key, weights[arguments.size()]);
            arguments.add(weights[arguments.size()]);
        }
        arguments.addAll(ready.values());
        List<PtNDArray> kept = module.infer("bind", owner, IValue.listFrom(arguments.toArray(new PtNDArray[0])));
        Set<String> borrowed = new HashSet<>(text.viewsOfContexts());
        List<String> names = text.kept();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (ready.containsKey(name)) {
                kept.get(i).close();
            } else {
                borrowed.addAll(text.views(name));
            }
        }
        Map<String, SharedTensors.Counted> counted = new HashMap<>();
        raw.forEach((key, array) -> counted.put(key, new SharedTensors.Counted(array)));
        for (int i = 0; i < names.size(); i++) {
            if (!ready.containsKey(names.get(i))) {
                share(names.get(i), kept.get(i), counted);
            }
        }
        raw.forEach((key, array) -> {
            if (!borrowed.contains(key)) {
                array.close();
            }
        });
    }

    private void share(String name, PtNDArray array, Map<String, SharedTensors.Counted> raw) {
        String meaning = meanings.get(name);
        List<SharedTensors.Counted> borrowed = text.views(name).stream()
                .map(key -> Objects.requireNonNull(raw.get(key)))
                .toList();
        if (meaning != null && SharedTensors.process().put(meaning, array, borrowed)) {
            held.add(meaning);
        }
    }
}
