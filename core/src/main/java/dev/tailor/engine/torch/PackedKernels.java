package dev.tailor.engine.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.tailor.TailorException;
import dev.tailor.engine.torch.LinearKernel.Fused;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this build of libtorch on this processor has oneDNN's kernels for packed weights. Builds without oneDNN (macOS) do
 * not know the operators, and some processors refuse a type, so the answer comes from running them once.
 */
final class PackedKernels {
    private static final Logger log = LoggerFactory.getLogger(PackedKernels.class);
    private static final int ROWS = 3;
    private static final int WIDTH = 32;

    private PackedKernels() {}

    /** Whether the kernels give what the plain ones give; {@code floats} is the type they compute in. */
    static boolean work(int floats) {
        return floats == Types.BFLOAT16 ? Half.WORKS : Single.WORKS;
    }

    /** The kernel for 8-bit integers in the form that does not overflow here, where there is one. */
    static Optional<QuantizedLinear> quantizedLinear() {
        return Integers.KERNEL;
    }

    private static final class Single {
        static final boolean WORKS = probe(Types.FLOAT32);
    }

    private static final class Half {
        static final boolean WORKS = probe(Types.BFLOAT16);
    }

    private static final class Integers {
        static final Optional<QuantizedLinear> KERNEL = Stream.of(false, true)
                .map(QuantizedLinear::new)
                .filter(PackedKernels::probe)
                .findFirst();
    }

    private static boolean probe(int floats) {
        return probe("type " + floats, text(floats), floats == Types.BFLOAT16 ? 0.1f : 1e-4f);
    }

    private static boolean probe(QuantizedLinear kernel) {
        return probe(kernel.toString(), text(kernel), 0.01f);
    }

    private static boolean probe(String kernels, TorchModuleText text, float tolerance) {
        try (TorchModule module = TorchModule.load("the probe of oneDNN", text, Device.cpu(), 0, false);
                NDManager manager = module.newManager()) {
            PtNDArray x = values(manager, ROWS, WIDTH, 1);
            PtNDArray w = values(manager, WIDTH, WIDTH, 2);
            PtNDArray b = values(manager, 1, WIDTH, 3);
            List<PtNDArray> results = module.infer("probe", manager, IValue.from(x), IValue.from(w), IValue.from(b));
            float difference = results.get(0).toFloatArray()[0];
            boolean works = difference < tolerance;
            log.debug("oneDNN's packed kernels for {} are off by {}, used: {}", kernels, difference, works);
            return works;
        } catch (TailorException e) {
            log.debug("no packed kernels of oneDNN for {}", kernels, e);
            return false;
        }
    }

    private static PtNDArray values(NDManager manager, int rows, int columns, int seed) {
        float[] values = new float[rows * columns];
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) Math.sin(seed + i));
        return (PtNDArray) manager.create(values, rows == 1 ? new Shape(columns) : new Shape(rows, columns));
    }

    /** Gives the largest difference between packed and plain over the forms in use. */
    private static TorchModuleText text(int floats) {
        StringBuilder body = new StringBuilder();
        MethodWriter writer = new MethodWriter(body, floats, "cpu", false);
        String x = writer.local("torch.to(a, " + floats + ")");
        String w = writer.local("torch.to(c, " + floats + ")");
        String b = writer.local("torch.to(d, " + floats + ")");
        String y = writer.local("torch.linear(" + x + ", " + w + ", " + b + ")");
        FloatLinear kernel = new FloatLinear();
        List<String> packed = kernel.pack(w, WIDTH, maker(writer));
        Fused gelu = new Fused("gelu", "none");
        String plain = kernel.call(x, packed, b, Fused.NOTHING, Optional.empty());
        String activated = kernel.call(x, packed, "None", gelu, Optional.empty());
        String sum = kernel.call(x, packed, b, Fused.NOTHING, Optional.of(y));
        return probe(
                body,
                writer,
                List.of(
                        "torch.sub(" + plain + ", " + y + ")",
                        "torch.sub(" + activated + ", torch.gelu(torch.linear(" + x + ", " + w + ", None)))",
                        "torch.sub(" + sum + ", torch.add(" + y + ", " + y + "))"));
    }

    /** The largest numbers side by side are what overflows; the second half checks the forms in use. */
    private static TorchModuleText text(QuantizedLinear kernel) {
        StringBuilder body = new StringBuilder();
        MethodWriter writer = new MethodWriter(body, Types.FLOAT32, "cpu", false);
        String ones = writer.local("torch.ones_like(a)");
        List<String> packed = kernel.pack(writer.local("torch.ones_like(c)"), WIDTH, maker(writer));
        String input = kernel.input(ones, writer::local);
        Fused gelu = new Fused("gelu", "none");
        String plain = kernel.call(input, packed, "d", Fused.NOTHING, Optional.empty());
        String activated = kernel.call(input, packed, "None", gelu, Optional.empty());
        String sum = kernel.call(input, packed, "None", Fused.NOTHING, Optional.of("a"));
        String full = writer.local("torch.mul(" + ones + ", " + WIDTH + ".0)");
        return probe(
                body,
                writer,
                List.of(
                        "torch.sub(" + plain + ", torch.add(" + full + ", d))",
                        "torch.sub(" + activated + ", torch.gelu(" + full + "))",
                        "torch.sub(" + sum + ", torch.add(" + full + ", a))"));
    }

    private static LinearKernel.Maker maker(MethodWriter writer) {
        return (template, operands) -> writer.local(String.format(template, (Object[]) operands));
    }

    private static TorchModuleText probe(StringBuilder body, MethodWriter writer, List<String> differences) {
        String all = "[" + String.join(", ", differences) + "]";
        String result = writer.local("torch.to(torch.amax(torch.abs(torch.stack(" + all + ")), [0, 1, 2], False), 6)");
        String signature = MethodWriter.signature("probe", List.of("a", "c", "d"));
        return new TorchModuleText(List.of("w"), List.of(signature + body + "    return [" + result + "]\n"));
    }
}
