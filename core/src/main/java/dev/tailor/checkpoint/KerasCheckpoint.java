package dev.tailor.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The weights of an HDF5 file of Keras, mapped. */
final class KerasCheckpoint implements Checkpoint {
    private final Path file;
    private final KerasFile.Content content;
    private final Regions data;

    private KerasCheckpoint(Path file, KerasFile.Content content, Regions data) {
        this.file = file;
        this.content = content;
        this.data = data;
    }

    static KerasCheckpoint open(Path file, FileChannel channel, long begin, long end) throws IOException {
        if (end - begin > Integer.MAX_VALUE) {
            throw new CheckpointException(
                    file,
                    "The HDF5 file " + file + " has " + (end - begin)
                            + " bytes; Tailor reads those of up to 2 GiB. Take the" + " model as safetensors",
                    null);
        }
        KerasFile.Content content;
        try {
            content = KerasFile.read(file, channel.map(FileChannel.MapMode.READ_ONLY, begin, end - begin));
        } catch (NoClassDefFoundError e) {
            throw new CheckpointException(
                    file,
                    "To read the HDF5 file " + file
                            + ", add the dependency io.jhdf:jhdf to your application (missing is " + e.getMessage()
                            + ")",
                    e);
        }
        Map<String, Header.Entry> places = new LinkedHashMap<>();
        content.tensors().forEach((name, tensor) -> {
            if (tensor.begin() >= 0) {
                long size = tensor.info().byteSize();
                places.put(name, TorchFile.storage(name, tensor.begin(), tensor.begin() + size));
            }
        });
        overlaps(file, places);
        return new KerasCheckpoint(
                file, content, Regions.map(channel, new Header(places, Map.of(), begin), Regions.LARGEST));
    }

    private static void overlaps(Path file, Map<String, Header.Entry> places) {
        long[] reached = {0};
        places.values().stream().sorted(Tiling.BY_OFFSET).forEach(entry -> {
            if (entry.begin() < reached[0]) {
                String message = "The HDF5 file " + file + " is damaged: tensor " + Problems.shorten(entry.name())
                        + " overlaps another";
                throw new CheckpointException(file.toString(), entry.name(), message, null);
            }
            reached[0] = entry.end();
        });
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(content.tensors().keySet());
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        KerasTensor tensor = content.tensors().get(name);
        if (tensor == null) {
            return Optional.empty();
        }
        if (tensor.dtype() == null) {
            throw UnknownType.of(file, name, tensor.stored());
        }
        TensorInfo info = tensor.info();
        if (tensor.begin() < 0 && info.byteSize() > 0) {
            throw new CheckpointException(
                    file.toString(),
                    name,
                    "Tensor " + name + " in " + file
                            + " is stored in chunks, compressed or not at all; Keras writes weights"
                            + " in one piece. Save it again without compression",
                    null);
        }
        return Optional.of(info);
    }

    @Override
    public ByteBuffer bytes(String name) {
        TensorInfo info = info(name).orElseThrow(() -> missing(name));
        return slice(name, 0, (int) info.byteSize());
    }

    @Override
    public ByteBuffer bytes(String name, long offset, int length) {
        Parts.check(info(name).orElseThrow(() -> missing(name)), offset, length);
        return slice(name, offset, length);
    }

    private ByteBuffer slice(String name, long offset, int length) {
        KerasTensor tensor = content.tensors().get(name);
        return data.slice(tensor == null ? 0 : Math.max(0, tensor.begin()) + offset, length);
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(content.metadata());
    }

    @Override
    public String location(String name) {
        if (!content.tensors().containsKey(name)) {
            throw missing(name);
        }
        return file.toString();
    }

    @Override
    public String toString() {
        return file + " (" + content.tensors().size() + " tensors)";
    }

    private CheckpointException missing(String name) {
        return NearNames.missing(name, names(), file.toString());
    }
}
