package dev.tailor.checkpoint;

import java.nio.file.Path;

/**
 * Reads files of {@code torch.save}, such as {@code .pth}, {@code .pt}, {@code .th} and {@code pytorch_model.bin}.
 *
 * <p>Both formats of PyTorch are read: the zip since 1.6 and the stacked pickles before it. A pickle is a program; here it is
 * only data. What PyTorch itself allows under {@code weights_only=True} is understood, everything else is refused by name,
 * and nothing is ever run or looked up. Safe for many threads.
 */
public final class PyTorch {
    private PyTorch() {}

    /**
     * Opens a file and finds its state dict: the saved dict itself or what it has under {@code state_dict}, {@code model} and
     * other usual keys. The prefix {@code module.} of DataParallel is taken off if all names have it; tensors of nested
     * dicts have names joined by dots.
     *
     * @throws CheckpointException if the file is missing, damaged, of another format, a TorchScript program, without named
     *     tensors, or asks for more than data
     */
    public static Checkpoint read(Path file) {
        return CheckpointFiles.with(file, (channel, kind) -> {
            TorchFile torch = TorchFile.read(file, channel, kind);
            return new TorchCheckpoint(torch, StateDict.withoutWrapper(StateDict.of(torch)));
        });
    }

    /**
     * Opens a file and takes the state dict under a key, such as {@code model_ema}.
     *
     * @throws CheckpointException like {@link #read(Path)}, and if there is no dict under this key
     */
    public static Checkpoint read(Path file, String key) {
        return CheckpointFiles.with(file, (channel, kind) -> {
            TorchFile torch = TorchFile.read(file, channel, kind);
            return new TorchCheckpoint(torch, StateDict.withoutWrapper(StateDict.of(torch, key)));
        });
    }

    /**
     * Reads everything that a file says beside the tensors' numbers, such as the epoch or the accuracy.
     *
     * @throws CheckpointException if the file is missing, damaged, of another format, a TorchScript program, or asks for more
     *     than data
     */
    public static PickledValue data(Path file) {
        return CheckpointFiles.with(
                file, (channel, kind) -> TorchFile.read(file, channel, kind).root());
    }
}
