package dev.tailor.engine.torch;

import ai.djl.Device;
import dev.tailor.program.TracedModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What makes two modules the same: the code, which carries head and precision, the device, and the very files and tensors
 * under it.
 *
 * @param code the module's code
 * @param device where it runs
 * @param threads the threads of a call
 * @param tensors the stored tensors in the order of the module
 */
record ModuleKey(String code, Device device, int threads, List<StoredFiles.Tensor> tensors) {

    /** The key, or nothing if the module cannot be told from another with certainty. */
    static Optional<ModuleKey> of(
            TorchModuleText text,
            Device device,
            int threads,
            TracedModel model,
            Map<String, StoredFiles.Tensor> stored) {
        return stored.size() < model.program().weights().size()
                ? Optional.empty()
                : Optional.of(new ModuleKey(text.code(), device, threads, List.copyOf(stored.values())));
    }
}
