package dev.tailor.checkpoint;

import dev.tailor.checkpoint.PickledValue.Dict;
import dev.tailor.checkpoint.PickledValue.Storage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A file of {@code torch.save}: what its pickle says, and where its storages lie.
 *
 * @param root what was saved
 * @param storages by key; as many bytes as the file has for each
 * @param data the mapped storages
 */
record TorchFile(Path file, PickledValue root, Map<String, Header.Entry> storages, Regions data) {
    static TorchFile read(Path file, FileChannel channel, FileKind kind) throws IOException {
        return switch (kind) {
            case ZIP -> TorchZip.read(file, channel, ZipIndex.read(file, channel));
            case TORCH_LEGACY -> TorchLegacy.read(file, channel);
            case SAFETENSORS -> throw new CheckpointException(file, file + " is no file of torch.save", null);
            default -> throw kind.refusal(file, "no file of torch.save", null);
        };
    }

    static TorchFile of(Path file, FileChannel channel, PickledValue root, Map<String, Header.Entry> storages)
            throws IOException {
        // The same maps as for safetensors: a storage is to them a tensor of bytes.
        Regions data = Regions.map(channel, new Header(storages, Map.of(), 0), Regions.LARGEST);
        return new TorchFile(file, root, storages, data);
    }

    static Header.Entry storage(String key, long begin, long end) {
        return new Header.Entry(key, StoredType.U8, List.of(end - begin), begin, end);
    }

    /** Where a storage of the pickle begins in the file, once it is known to lie there as a whole. */
    long place(String tensor, Storage storage) {
        Header.Entry entry = storages.get(storage.key());
        long from = Math.multiplyExact(storage.start(), storage.type().size());
        if (entry == null || storage.byteSize() > entry.size() - from) {
            throw new CheckpointException(
                    file.toString(),
                    tensor,
                    "The PyTorch file " + file + " is damaged: tensor " + Problems.shorten(tensor) + " lies in storage "
                            + Problems.shorten(storage.key()) + ", "
                            + (entry == null
                                    ? "which the file does not have"
                                    : "of which " + entry.size() + " bytes are there and " + (from + storage.byteSize())
                                            + " were announced; fetch the file again"),
                    null);
        }
        return entry.begin() + from;
    }

    /** What was saved, where it is a dict. */
    Dict dict() {
        if (root instanceof Dict dict) {
            return dict;
        }
        throw new CheckpointException(
                file, "The PyTorch file " + file + " holds no state dict but " + root + "; see PyTorch.data", null);
    }
}
