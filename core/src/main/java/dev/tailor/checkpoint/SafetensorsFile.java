package dev.tailor.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
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
        return CheckpointFiles.with(file, (channel, kind) -> read(file, channel, largest));
    }

    static SafetensorsFile read(Path file, FileChannel channel, int largest) throws IOException {
        Header header = Header.read(file, channel);
        return new SafetensorsFile(file, header, Regions.map(channel, header, largest));
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
        Parts.check(info(name).orElseThrow(), offset, length);
        if (!regions.fits(entry.size()) && length > regions.largestPart()) {
            throw Parts.tooLong(info(name).orElseThrow(), length, regions.largestPart());
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
        return entry.type().dtype().orElseThrow(() -> UnknownType.of(file, entry.name(), "of dtype " + entry.type()));
    }
}
