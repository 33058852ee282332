package dev.tailor.checkpoint;

import dev.tailor.checkpoint.PickledValue.Bool;
import dev.tailor.checkpoint.PickledValue.Int;
import dev.tailor.checkpoint.PickledValue.Sequence;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The format of {@code torch.save} before 1.6: five pickles, then each storage as its length and its bytes. */
final class TorchLegacy {
    static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

    private static final BigInteger PROTOCOL = BigInteger.valueOf(1001);

    private TorchLegacy() {}

    static TorchFile read(Path file, FileChannel channel) throws IOException {
        PickleInput in = new PickleInput(file, channel, 0, channel.size());
        if (!(PickleMachine.read(in) instanceof Int magic) || !magic.value().equals(MAGIC)) {
            throw in.damaged("it does not begin with PyTorch's number");
        }
        PickledValue protocol = PickleMachine.read(in);
        if (!(protocol instanceof Int version) || !version.value().equals(PROTOCOL)) {
            throw in.damaged("it is of protocol " + protocol + ", not " + PROTOCOL);
        }
        if (PickleMachine.read(in).get("little_endian").orElse(null) instanceof Bool little && !little.value()) {
            throw new CheckpointException(
                    file, file + " was written big-endian; Tailor reads little-endian files. Save it again", null);
        }
        Map<String, TorchType> types = new HashMap<>();
        PickledValue root = PickleMachine.read(in, types);
        if (!(PickleMachine.read(in) instanceof Sequence keys)) {
            throw in.damaged("it has no list of its storages");
        }
        Map<String, Header.Entry> storages = new LinkedHashMap<>();
        for (PickledValue item : keys.items()) {
            String key = item.text().orElseThrow(() -> in.damaged("a storage without a key"));
            TorchType type = types.get(key);
            long elements = in.i64();
            if (type == null || elements < 0 || elements > in.remaining() / type.size()) {
                throw in.damaged("storage " + Problems.shorten(key) + " of " + Long.toUnsignedString(elements)
                        + " elements "
                        + (type == null ? "belongs to no tensor" : "is longer than the file: it was cut short"));
            }
            long begin = in.position();
            in.skip(elements * type.size());
            if (storages.put(key, TorchFile.storage(key, begin, in.position())) != null) {
                throw in.damaged("storage " + Problems.shorten(key) + " comes twice");
            }
        }
        return TorchFile.of(file, channel, root, storages);
    }
}
