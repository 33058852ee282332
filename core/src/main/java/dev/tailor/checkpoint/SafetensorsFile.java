package dev.tailor.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One safetensors file, mapped. */
final class SafetensorsFile implements Checkpoint {
    private final Path file;
    private final Header header;
    private final Regions regions;

    private SafetensorsFile(Path file, Header header, Regions regions) {
        this.file = file;
        this.header = header;
        this.regions = regions;
    }

    static SafetensorsFile open(Path file) {
        return open(file, Regions.LARGEST);
    }

    /** Opens a file with maps of at most {@code largest} bytes. */
    static SafetensorsFile open(Path file, int largest) {
        if (!Files.exists(file)) {
            throw new CheckpointException(file, "There is no file " + file, null);
        }
        if (!Files.isRegularFile(file)) {
            // Opening a pipe or a device could block for ever.
            throw new CheckpointException(file, file + " is no regular file", null);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Header header = Header.read(file, channel);
            return new SafetensorsFile(file, header, Regions.map(channel, header, largest));
        } catch (IOException e) {
            throw new CheckpointException(file, "Cannot read " + file + ": " + e, e);
        } catch (UnsupportedOperationException e) {
            throw new CheckpointException(
                    file, "Cannot map " + file + " into memory: its file system does not support that; copy it out", e);
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(header.tensors().keySet());
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        Header.Entry entry = header.tensors().get(name);
        return entry == null
                ? Optional.empty()
                : Optional.of(new TensorInfo(name, dtype(entry), entry.shape(), entry.size()));
    }

    @Override
    public ByteBuffer bytes(String name) {
        Header.Entry entry = computable(name);
        if (!regions.fits(entry.size())) {
            throw new CheckpointException(
                    file.toString(),
                    name,
                    "Tensor " + name + " in " + file + " has " + entry.size()
                            + " bytes, more than one buffer can hold; use bytes(name, offset, length)",
                    null);
        }
        return regions.slice(entry.begin(), (int) entry.size());
    }

    @Override
    public ByteBuffer bytes(String name, long offset, int length) {
        Header.Entry entry = computable(name);
        if (offset < 0 || length < 0 || offset > entry.size() - length) {
            throw new IllegalArgumentException("Tensor " + name + " has " + entry.size() + " bytes; " + length
                    + " bytes from " + offset + " do not lie within");
        }
        if (!regions.fits(entry.size()) && length > regions.largestPart()) {
            throw new IllegalArgumentException("Tensor " + name + " can be had in parts of at most "
                    + regions.largestPart() + " bytes, not " + length);
        }
        return regions.slice(entry.begin() + offset, length);
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    @Override
    public String location(String name) {
        entry(name);
        return file.toString();
    }

    @Override
    public String toString() {
        return file + " (" + header.tensors().size() + " tensors)";
    }

    private Header.Entry entry(String name) {
        Header.Entry entry = header.tensors().get(name);
        if (entry == null) {
            throw NearNames.missing(name, names(), file.toString());
        }
        return entry;
    }

    private Header.Entry computable(String name) {
        Header.Entry entry = entry(name);
        dtype(entry);
        return entry;
    }

    private DType dtype(Header.Entry entry) {
        return entry.type()
                .dtype()
                .orElseThrow(() -> new CheckpointException(
                        file.toString(),
                        entry.name(),
                        "Tensor " + entry.name() + " in " + file + " is of dtype " + entry.type()
                                + ", which Tailor does not compute with; it knows " + Arrays.toString(DType.values())
                                + ". Convert the checkpoint, or take a variant of the model that is not quantised",
                        null));
    }
}
