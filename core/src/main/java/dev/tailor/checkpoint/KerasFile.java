package dev.tailor.checkpoint;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OrderedDataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an HDF5 file of Keras holds. The only class that knows the optional library underneath.
 *
 * <p>Legacy files list {@code layer_names}, and each layer its {@code weight_names}; the tensors have those names, such as
 * {@code conv1/kernel:0}. Keras 3 has no such lists; there a tensor's name is its path, such as
 * {@code layers/dense/vars/0}, and the optimizer is left out.
 */
final class KerasFile {
    private static final int DEEPEST = 64;
    private static final int MOST_NODES = 1_000_000;

    private final Path file;
    private final HdfFile hdf;
    private final long length;
    private final Map<String, KerasTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private int nodes;

    private KerasFile(Path file, HdfFile hdf, long length) {
        this.file = file;
        this.hdf = hdf;
        this.length = length;
    }

    /** The tensors of a file by name, and its texts. */
    record Content(Map<String, KerasTensor> tensors, Map<String, String> metadata) {}

    /** {@code bytes} is the whole file: with lengths that a file lies about, the library can then only reach beyond it. */
    static Content read(Path file, ByteBuffer bytes) {
        try (HdfFile hdf = HdfFile.fromByteBuffer(bytes)) {
            return new KerasFile(file, hdf, bytes.capacity()).read();
        } catch (CheckpointException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // What a damaged file makes of the library: its own exceptions, bounds, recursion, or one array far too
            // large.
            Throwable first = e;
            for (int i = 0; i < DEEPEST && first.getCause() != null; i++) {
                first = first.getCause();
            }
            throw new CheckpointException(
                    file,
                    "Cannot read the HDF5 file " + file
                            + ": it is damaged, or holds what the library jhdf does not know: " + first,
                    e);
        }
    }

    private Content read() {
        Group root = hdf.getAttribute("layer_names") == null && hdf.getChild("model_weights") instanceof Group weights
                ? weights
                : hdf;
        for (String key : List.of("keras_version", "backend")) {
            if (attribute(root, key) instanceof String text) {
                metadata.put(key, text);
            }
        }
        List<String> layers = texts(root, "layer_names");
        if (layers == null) {
            walk(root, "", 0);
        } else {
            layers.forEach(layer -> layer(root, layer));
        }
        if (tensors.isEmpty()) {
            throw new CheckpointException(
                    file, "The HDF5 file " + file + " holds no weights as Keras writes them", null);
        }
        return new Content(tensors, metadata);
    }

    private void layer(Group root, String layer) {
        if (!(root.getChild(layer) instanceof Group group)) {
            throw damaged("layer " + Problems.shorten(layer) + " is listed and not there");
        }
        List<String> names = texts(group, "weight_names");
        for (String name : names == null ? List.<String>of() : names) {
            if (!(at(group, name) instanceof Dataset dataset)) {
                throw damaged("weight " + Problems.shorten(name) + " is listed and not there");
            }
            // Two models within one may use a name twice; the layer then tells them apart.
            add(tensors.containsKey(name) ? layer + "/" + name : name, dataset);
        }
    }

    /** Step by step: the library's own way fails on what is not there when the file is a buffer. */
    private static @Nullable Node at(Group group, String path) {
        Node node = group;
        for (String step : path.split("/", -1)) {
            node = node instanceof Group within ? within.getChild(step) : null;
        }
        return node;
    }

    private void walk(Group group, String path, int depth) {
        for (Map.Entry<String, Node> child : group.getChildren().entrySet()) {
            String name = path + child.getKey();
            if (++nodes > MOST_NODES || depth > DEEPEST) {
                throw damaged("its groups are nested without end");
            }
            if (child.getValue() instanceof Dataset dataset) {
                add(name, dataset);
            } else if (child.getValue() instanceof Group nested && !name.equals("optimizer")) {
                walk(nested, name + "/", depth + 1);
            }
        }
    }

    private void add(String name, Dataset dataset) {
        List<Long> shape = Arrays.stream(dataset.getDimensionsAsLong()).boxed().toList();
        DType dtype = dtype(dataset);
        KerasTensor tensor = new KerasTensor(name, dtype, shape, -1, describe(dataset.getDataType()));
        if (dtype != null && dataset instanceof ContiguousDataset contiguous && !dataset.isEmpty()) {
            long begin = contiguous.getDataAddress() + hdf.getUserBlockSize();
            long size = tensor.info().byteSize();
            if (begin < 0 || begin > length - size) {
                throw damaged("tensor " + Problems.shorten(name) + " lies beyond its end: it was cut short");
            }
            tensor = tensor.at(begin);
        }
        if (tensors.put(name, tensor) != null) {
            throw damaged("it has two weights named " + Problems.shorten(name));
        }
    }

    private static @Nullable DType dtype(Dataset dataset) {
        DataType type = dataset.getDataType();
        if (type instanceof OrderedDataType ordered
                && ordered.getByteOrder() == ByteOrder.BIG_ENDIAN
                && type.getSize() > 1) {
            return null;
        }
        if (type instanceof FloatingPoint) {
            return switch (type.getSize()) {
                case 2 -> DType.F16;
                case 4 -> DType.F32;
                case 8 -> DType.F64;
                default -> null;
            };
        }
        if (type instanceof FixedPoint whole) {
            return switch (type.getSize()) {
                case 1 -> whole.isSigned() ? DType.I8 : DType.U8;
                case 2 -> whole.isSigned() ? DType.I16 : null;
                case 4 -> whole.isSigned() ? DType.I32 : null;
                case 8 -> whole.isSigned() ? DType.I64 : null;
                default -> null;
            };
        }
        return type instanceof EnumDataType && type.getSize() == 1 ? DType.BOOL : null;
    }

    private static String describe(DataType type) {
        return "of HDF5 type " + type.getClass().getSimpleName() + " with " + type.getSize() + " bytes"
                + (type instanceof OrderedDataType ordered ? ", " + ordered.getByteOrder() : "");
    }

    /** A list of texts; long ones are cut into attributes with a number behind their name. Null if there is none. */
    private static @Nullable List<String> texts(Node node, String name) {
        Object value = attribute(node, name);
        if (value != null || node.getAttribute(name) != null) {
            return value instanceof Object[] texts
                    ? Arrays.stream(texts).map(String::valueOf).toList()
                    : value instanceof String one ? List.of(one) : List.of();
        }
        List<String> joined = null;
        for (int i = 0; attribute(node, name + i) instanceof Object[] part; i++) {
            joined = joined == null ? new ArrayList<>() : joined;
            for (Object text : part) {
                joined.add(String.valueOf(text));
            }
        }
        return joined;
    }

    private static @Nullable Object attribute(Node node, String name) {
        Attribute attribute = node.getAttribute(name);
        return attribute == null || attribute.isEmpty() ? null : attribute.getData();
    }

    private CheckpointException damaged(String what) {
        return new CheckpointException(file, "The HDF5 file " + file + " is damaged: " + what, null);
    }
}
