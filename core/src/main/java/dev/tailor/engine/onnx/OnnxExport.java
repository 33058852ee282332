package dev.tailor.engine.onnx;

import dev.tailor.engine.DropoutRemoval;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Size;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a function of a traced model as an ONNX model ({@code github.com/onnx/onnx/blob/main/docs/IR.md}). Floats have 32 bits, inputs and outputs
 * the reference library's names, axes that the caller chooses the names they have in the program.
 */
public final class OnnxExport {
    /** The version of ONNX's operators. */
    public static final int OPSET = 17;

    private static final int IR_VERSION = 8;
    /** A message of protobuf ends at 2 GiB; above this the weights go into a file of their own. */
    private static final long LARGEST_INLINE = 3L << 29;
    /** So that readers may map each tensor. */
    private static final int ALIGNMENT = 4096;

    private final TracedModel model;
    private final Program.Function function;
    private final String name;
    private final Lowering.Lowered lowered;
    private final long largestInline;

    private OnnxExport(TracedModel model, Program.Function function, String name, long largestInline) {
        this.model = model;
        this.function = DropoutRemoval.apply(function);
        this.name = name;
        this.lowered = Lowering.of(this.function);
        this.largestInline = largestInline;
    }

    /**
     * Writes a function. The file appears whole or not at all, and replaces an existing one. Weights above 1.5 GiB in all go
     * into a second file beside it, named like it with {@code .data} behind, which belongs to it.
     *
     * @param name how messages name the model
     * @throws OnnxExportException if an operation has no counterpart, or the file cannot be written
     */
    public static void write(TracedModel model, Program.Function function, String name, Path file) {
        write(model, function, name, file, LARGEST_INLINE);
    }

    static void write(TracedModel model, Program.Function function, String name, Path file, long largestInline) {
        OnnxExport export = new OnnxExport(model, function, name, largestInline);
        try {
            export.write(file);
        } catch (IOException e) {
            throw new OnnxExportException(name + " could not be written as " + file + ": " + e, e);
        }
    }

    private void write(Path file) throws IOException {
        List<WeightBytes> weights = weights();
        long all = weights.stream().mapToLong(WeightBytes::size).sum();
        if (all <= largestInline) {
            Message whole = model(graph(weights, null));
            AtomicFiles.create(file, temporary -> write(temporary, whole));
            return;
        }
        Path data = file.resolveSibling(file.getFileName() + ".data");
        Message whole = model(graph(weights, data.getFileName().toString()));
        // A model beside the weights of another one would be wrong without a sign of it, so the old model goes first.
        AtomicFiles.create(data, temporary -> {
            writeData(temporary, weights);
            Files.deleteIfExists(file);
        });
        AtomicFiles.create(file, temporary -> write(temporary, whole));
    }

    private List<WeightBytes> weights() {
        List<WeightBytes> result = new ArrayList<>();
        for (String key : function.weightKeys()) {
            boolean transposed = lowered.transposedWeights().contains(key);
            result.add(new WeightBytes(model.weights(), model.program().weight(key), transposed));
        }
        return result;
    }

    private static void write(Path file, Message message) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            message.writeTo(channel);
        }
    }

    private static void writeData(Path file, List<WeightBytes> weights) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (WeightBytes weight : weights) {
                channel.position(aligned(channel.position()));
                weight.writeTo(channel);
            }
        }
    }

    private static long aligned(long position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static Message model(Message graph) {
        return new Message()
                .number(1, IR_VERSION)
                .text(2, "Tailor")
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, OPSET));
    }

    private Message graph(List<WeightBytes> weights, @Nullable String data) {
        Message graph = new Message();
        lowered.graph().nodes().forEach(node -> graph.message(1, node));
        graph.text(2, name);
        lowered.graph().constants().forEach(constant -> graph.message(5, constant));
        long position = 0;
        for (WeightBytes weight : weights) {
            Message tensor = Tensors.header(weight.spec().key(), Tensors.FLOAT, stored(weight));
            if (data == null) {
                tensor.part(Tensors.RAW_DATA, weight);
            } else {
                position = aligned(position);
                tensor.message(Tensors.EXTERNAL_DATA, entry("location", data));
                tensor.message(Tensors.EXTERNAL_DATA, entry("offset", Long.toString(position)));
                tensor.message(Tensors.EXTERNAL_DATA, entry("length", Long.toString(weight.size())));
                tensor.number(Tensors.DATA_LOCATION, 1);
                position += weight.size();
            }
            graph.message(5, tensor);
        }
        function.inputs().forEach(v -> graph.message(11, described(((Op.Input) v.op()).name(), v)));
        function.outputs().forEach((output, v) -> graph.message(12, described(output, v)));
        lowered.values().forEach((value, v) -> graph.message(13, described(value, v)));
        return graph;
    }

    private static List<Long> stored(WeightBytes weight) {
        List<Long> shape = weight.spec().shape();
        return weight.transposed() ? List.of(shape.get(1), shape.get(0)) : shape;
    }

    private static Message entry(String key, String value) {
        return new Message().text(1, key).text(2, value);
    }

    /** The message {@code ValueInfoProto}. Sides that are computed stay open. */
    private static Message described(String name, Value value) {
        Message shape = new Message();
        for (Size side : value.shape()) {
            Message dimension = new Message();
            if (side instanceof Size.Constant known) {
                dimension.number(1, known.value());
            } else if (side instanceof Size.Axis axis) {
                dimension.text(2, axis.name());
            }
            shape.message(1, dimension);
        }
        Message tensor = new Message().number(1, Tensors.type(value.kind())).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }
}
