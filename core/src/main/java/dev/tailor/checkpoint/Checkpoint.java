package dev.tailor.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Named tensors in one file or in several.
 *
 * <p>The bytes stay in the file and are mapped into memory; opening reads no more than the header. A checkpoint is immutable
 * and safe for many threads. It has nothing to close: the mapping goes when the checkpoint and all its slices are
 * unreachable. Replacing the file by a move leaves the mapping as it was; cutting or overwriting it in place does not, and
 * is the one thing that must not happen while a checkpoint is in use.
 */
public interface Checkpoint {
    /** The names of all tensors, in the order of the file. */
    Set<String> names();

    /**
     * What the checkpoint says about a tensor; empty if it has none of this name.
     *
     * @throws CheckpointException if the tensor is there but has a type that {@link DType} does not know, such as
     *     {@code F8_E4M3}
     */
    Optional<TensorInfo> info(String name);

    /**
     * The bytes of a tensor, row-major, as a direct, read-only, little-endian buffer, position 0, limit
     * {@link TensorInfo#byteSize()}: a slice of the mapped file, no copy, where the file holds them so; else a copy. The
     * address is aligned only as far as the file is.
     *
     * @throws CheckpointException if there is no such tensor, its type is unknown to {@link DType}, or it is larger than
     *     one buffer can be (2 GiB): ask for {@link #bytes(String, long, int) a part of it}
     */
    ByteBuffer bytes(String name);

    /**
     * A part of the bytes of a tensor, like {@link #bytes(String)}.
     *
     * @param offset the first byte, from 0
     * @param length the number of bytes; of a tensor above 2 GiB at most 1 GiB at a time
     * @throws CheckpointException if there is no such tensor or its type is unknown to {@link DType}
     * @throws IllegalArgumentException if the part does not lie within the tensor, or is too long
     */
    ByteBuffer bytes(String name, long offset, int length);

    /** The free text of the file's header, such as {@code format=pt}; of several files together, the first one's first. */
    Map<String, String> metadata();

    /**
     * The file that holds a tensor, for messages.
     *
     * @throws CheckpointException if there is no such tensor
     */
    String location(String name);

    /**
     * A copy of a tensor as numbers of type {@code float}, row-major; integers are rounded, a boolean is 0 or 1.
     *
     * @throws CheckpointException if there is no such tensor, its type is unknown to {@link DType}, or it has more elements
     *     than an array can
     */
    default float[] floats(String name) {
        return Floats.of(this, name);
    }

    /** A checkpoint without tensors, for a model whose weights are all new. */
    static Checkpoint empty() {
        return EmptyCheckpoint.INSTANCE;
    }

    /**
     * Opens a file of safetensors, of PyTorch ({@code .bin}, {@code .pth}, {@code .pt}, {@code .th}) or of Keras
     * ({@code .h5}, {@code .keras}; needs the optional library {@code io.jhdf:jhdf}), a shard index ({@code .index.json}), or
     * a folder: its {@code model.safetensors}, {@code model.safetensors.index.json},
     * {@code pytorch_model.bin}, {@code pytorch_model.bin.index.json}, or else the one file that has a usual ending. What a
     * file is, its bytes tell, not its name. {@link PyTorch} says what of a PyTorch file is taken.
     *
     * @throws CheckpointException if there is none, it is damaged, or it asks for more than data; for shards, with all that
     *     is wrong
     */
    static Checkpoint open(Path fileOrFolder) {
        return CheckpointFiles.open(fileOrFolder);
    }
}
