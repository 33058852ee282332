package dev.tailor.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The format of {@code torch.save} since 1.6: a zip of one folder with {@code data.pkl} and {@code data/0}, {@code data/1}, ... */
final class TorchZip {
    private static final String PICKLE = "/data.pkl";

    private TorchZip() {}

    /** Whether a zip has what this format must have. */
    static boolean is(Map<String, ZipIndex.Entry> entries) {
        return entries.keySet().stream().anyMatch(TorchZip::isPickle);
    }

    static TorchFile read(Path file, FileChannel channel, Map<String, ZipIndex.Entry> entries) throws IOException {
        List<String> pickles =
                entries.keySet().stream().filter(TorchZip::isPickle).toList();
        if (pickles.size() != 1) {
            throw new CheckpointException(
                    file,
                    file + " is a zip file with "
                            + (pickles.isEmpty()
                                    ? "no data.pkl, so it is no PyTorch checkpoint"
                                    : pickles.size() + " data.pkl"),
                    null);
        }
        String root = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length()) + "/";
        if (entries.containsKey(root + "constants.pkl")
                || entries.keySet().stream().anyMatch(name -> name.startsWith(root + "code/"))) {
            throw new CheckpointException(
                    file,
                    file + " is a TorchScript program, which is code and not only weights. Take the state dict of the"
                            + " same model (torch.save(model.state_dict(), ...)) or its safetensors",
                    null);
        }
        littleEndian(file, channel, entries.get(root + "byteorder"));
        Map<String, Header.Entry> storages = new LinkedHashMap<>();
        for (ZipIndex.Entry entry : entries.values()) {
            if (entry.name().startsWith(root + "data/")) {
                requireStored(file, entry);
                String key = entry.name().substring(root.length() + "data/".length());
                storages.put(key, TorchFile.storage(key, entry.begin(), entry.end()));
            }
        }
        ZipIndex.Entry pickle = entries.get(pickles.get(0));
        if (pickle == null) {
            throw new IllegalStateException("an entry that was there is gone");
        }
        requireStored(file, pickle);
        PickledValue value = PickleMachine.read(new PickleInput(file, channel, pickle.begin(), pickle.end()));
        return TorchFile.of(file, channel, value, storages);
    }

    private static boolean isPickle(String name) {
        return name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length();
    }

    private static void littleEndian(Path file, FileChannel channel, ZipIndex.@Nullable Entry order)
            throws IOException {
        if (order == null) {
            return;
        }
        requireStored(file, order);
        long length = Math.min(order.size(), 16);
        String name = new String(
                new PickleInput(file, channel, order.begin(), order.end()).bytes(length), StandardCharsets.ISO_8859_1);
        if (!name.equals("little")) {
            throw new CheckpointException(
                    file,
                    file + " was written in byte order \"" + name
                            + "\"; Tailor reads little-endian files. Save it again"
                            + " with torch.serialization.set_default_load_endianness and torch.save on a usual machine",
                    null);
        }
    }

    private static void requireStored(Path file, ZipIndex.Entry entry) {
        if (!entry.isStored()) {
            throw new CheckpointException(
                    file,
                    "The entry " + Problems.shorten(entry.name()) + " of " + file + " is "
                            + (entry.encrypted() ? "encrypted" : "compressed")
                            + ", and PyTorch stores its entries as they are: this zip was packed again. Unpack it and save"
                            + " it with torch.save",
                    null);
        }
    }
}
