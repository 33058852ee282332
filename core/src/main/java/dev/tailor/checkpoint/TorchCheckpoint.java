package dev.tailor.checkpoint;

import dev.tailor.checkpoint.PickledValue.Storage;
import dev.tailor.checkpoint.PickledValue.Tensor;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tensors of a PyTorch file: slices of the mapped file, copied only where their elements lie apart. */
final class TorchCheckpoint implements Checkpoint {
    /** The most that repeated elements may take beyond what is in the file. */
    private static final long MOST_REPEATED = 1L << 26;

    private final TorchFile file;
    private final Map<String, Tensor> tensors;
    private final Map<String, Long> places = new LinkedHashMap<>();

    TorchCheckpoint(TorchFile file, Map<String, Tensor> tensors) {
        this.file = file;
        this.tensors = tensors;
        tensors.forEach((name, tensor) -> {
            Storage storage = tensor.storage();
            if (storage != null) {
                places.put(name, file.place(name, storage));
            }
        });
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            return Optional.empty();
        }
        Strides strides = tensor.strides();
        Storage storage = tensor.storage();
        DType dtype = tensor.torchType().dtype();
        if (dtype == null || strides == null || storage == null) {
            String what = tensor.unusable().isEmpty() ? "of dtype " + tensor.type() : tensor.unusable();
            throw UnknownType.of(file.file(), name, what);
        }
        TensorInfo info = TensorInfo.of(name, dtype, strides.shape());
        if (!strides.isContiguous() && info.byteSize() > storage.byteSize() + MOST_REPEATED) {
            throw new CheckpointException(
                    file.file().toString(),
                    name,
                    "Tensor " + name + " in " + file.file() + " repeats " + storage.byteSize() + " bytes up to "
                            + info.byteSize() + "; save it with .clone()",
                    null);
        }
        return Optional.of(info);
    }

    @Override
    public ByteBuffer bytes(String name) {
        TensorInfo info = info(name).orElseThrow(() -> missing(name));
        if (!file.data().fits(info.byteSize())) {
            throw tooLarge(
                    name, info.byteSize() + " bytes, more than one buffer can hold; use bytes(name, offset, length)");
        }
        return slice(info, 0, (int) info.byteSize());
    }

    @Override
    public ByteBuffer bytes(String name, long offset, int length) {
        TensorInfo info = info(name).orElseThrow(() -> missing(name));
        Parts.check(info, offset, length);
        if (!file.data().fits(info.byteSize()) && length > file.data().largestPart()) {
            throw Parts.tooLong(info, length, file.data().largestPart());
        }
        return slice(info, offset, length);
    }

    private ByteBuffer slice(TensorInfo info, long offset, int length) {
        Tensor tensor = tensors.get(info.name());
        Strides strides = tensor == null ? null : tensor.strides();
        Long place = places.get(info.name());
        if (strides == null || place == null) {
            throw missing(info.name());
        }
        int size = info.dtype().size();
        long start = place + Math.multiplyExact(strides.offset(), size);
        if (length == 0) {
            return file.data().slice(start, 0);
        }
        if (strides.isContiguous()) {
            return file.data().slice(start + offset, length);
        }
        long span = Math.multiplyExact(strides.end() - strides.offset(), size);
        if (!file.data().fits(span)) {
            throw tooLarge(info.name(), "elements that lie apart over " + span + " bytes; save it with .contiguous()");
        }
        return Parts.gather(strides, file.data().slice(start, (int) span), size, offset, length);
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of("format", "pt");
    }

    @Override
    public String location(String name) {
        if (!tensors.containsKey(name)) {
            throw missing(name);
        }
        return file.file().toString();
    }

    @Override
    public String toString() {
        return file.file() + " (" + tensors.size() + " tensors)";
    }

    private CheckpointException missing(String name) {
        return NearNames.missing(name, names(), file.file().toString());
    }

    private CheckpointException tooLarge(String name, String what) {
        return new CheckpointException(
                file.file().toString(), name, "Tensor " + name + " in " + file.file() + " has " + what, null);
    }
}
