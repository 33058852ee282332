package dev.tailor.zoo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.tailor.PretrainedModel;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.DType;
import dev.tailor.checkpoint.TensorInfo;
import dev.tailor.program.ModelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A model folder with the inputs and outputs of one forward call of the reference library. */
public record Golden(Path folder, Checkpoint tensors) {
    private static final double ABSOLUTE = 1e-4;
    private static final double RELATIVE = 1e-3;

    /** All recorded folders under a resource folder of {@code golden}. */
    public static List<Golden> all(String group) {
        try (Stream<Path> folders = Files.list(Path.of("src/test/resources/golden", group))) {
            return folders.filter(Files::isDirectory).sorted().map(Golden::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One recorded folder. */
    public static Golden of(Path folder) {
        return new Golden(folder, Checkpoint.open(folder.resolve("golden.safetensors")));
    }

    /** The recorded inputs as arrays. */
    public Map<String, NDArray> inputs(NDManager manager) {
        Map<String, NDArray> inputs = new LinkedHashMap<>();
        for (String name : tensors.names()) {
            if (name.startsWith("in.")) {
                inputs.put(name.substring(3), array(name, manager));
            }
        }
        return inputs;
    }

    private NDArray array(String name, NDManager manager) {
        TensorInfo info = tensors.info(name).orElseThrow();
        ByteBuffer copy = ByteBuffer.allocateDirect((int) info.byteSize()).order(ByteOrder.nativeOrder());
        copy.put(tensors.bytes(name)).flip();
        Shape shape = new Shape(info.shape().stream().mapToLong(Long::longValue).toArray());
        return manager.create(copy, shape, info.dtype() == DType.I64 ? DataType.INT64 : DataType.FLOAT32);
    }

    /** Asserts that every recorded output is there and near. */
    public void check(Map<String, NDArray> outputs) {
        int checked = 0;
        for (String name : tensors.names()) {
            if (isForwardOutput(name)) {
                NDArray output = outputs.get(name.substring(4));
                assertThat(output).as(name).isNotNull();
                check(name, output);
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }

    /** Not what the reference generated step by step. */
    private static boolean isForwardOutput(String name) {
        return name.startsWith("out.") && !name.equals("out.generated_ids");
    }

    private void check(String name, NDArray output) {
        List<Long> shape = tensors.info(name).orElseThrow().shape();
        assertThat(output.getShape().getShape())
                .as(name)
                .containsExactly(shape.stream().mapToLong(Long::longValue).toArray());
        float[] expected = tensors.floats(name);
        float[] found = output.toFloatArray();
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(found[i] - expected[i]) <= ABSOLUTE + RELATIVE * Math.abs(expected[i]))) {
                throw new AssertionError(
                        folder + " " + name + "[" + i + "]: expected " + expected[i] + ", found " + found[i]);
            }
        }
    }

    /** Asserts the same of the model's DJL block, called with named arrays. */
    public void checkBlock(PretrainedModel model, NDManager manager) {
        NDList inputs = new NDList();
        inputs(manager).forEach((name, array) -> {
            array.setName(name);
            inputs.add(array);
        });
        NDList outputs = model.block().forward(new ParameterStore(manager, false), inputs, false);
        Map<String, NDArray> named = new LinkedHashMap<>();
        outputs.forEach(a -> named.put(a.getName(), a));
        check(named);
    }

    /** The smallest cosine between a recorded output and the found one. */
    public double cosine(Map<String, NDArray> outputs) {
        double smallest = 1;
        for (String name : tensors.names()) {
            if (isForwardOutput(name)) {
                float[] a = tensors.floats(name);
                float[] b = outputs.get(name.substring(4)).toFloatArray();
                double ab = 0;
                double aa = 0;
                double bb = 0;
                for (int i = 0; i < a.length; i++) {
                    ab += (double) a[i] * b[i];
                    aa += (double) a[i] * a[i];
                    bb += (double) b[i] * b[i];
                }
                smallest = Math.min(smallest, ab / Math.sqrt(aa * bb));
            }
        }
        return smallest;
    }

    /** The model's config. */
    public ModelConfig config() {
        return ModelConfig.read(folder.resolve("config.json"));
    }

    @Override
    public String toString() {
        return folder.getParent().getFileName() + "/" + folder.getFileName();
    }
}
