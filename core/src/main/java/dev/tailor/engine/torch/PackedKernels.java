package dev.tailor.engine.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.tailor.TailorException;
import java.util.List;
import java.util.stream.IntStream;
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

    private static final class Single {
        static final boolean WORKS = probe(Types.FLOAT32);
    }

    private static final class Half {
        static final boolean WORKS = probe(Types.BFLOAT16);
    }

    private static boolean probe(int floats) {
        try (TorchModule module = TorchModule.load("the probe of oneDNN", text(floats), Device.cpu(), 0, false);
                NDManager manager = module.newManager()) {
            PtNDArray x = values(manager, ROWS, WIDTH, 1);
            PtNDArray w = values(manager, WIDTH, WIDTH, 2);
            PtNDArray b = values(manager, 1, WIDTH, 3);
            List<PtNDArray> results = module.infer("probe", manager, IValue.from(x), IValue.from(w), IValue.from(b));
            float difference = results.get(0).toFloatArray()[0];
            boolean works = difference < (floats == Types.BFLOAT16 ? 0.1f : 1e-4f);
            log.debug("oneDNN's packed kernels for type {} are off by {}, used: {}", floats, difference, works);
            return works;
        } catch (TailorException e) {
            log.debug("no packed kernels of oneDNN for type {}; the plain ones are used", floats, e);
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
        String method = """
          def probe(self: __torch__.Net,
            a: Tensor,
            c: Tensor,
            d: Tensor) -> List[Tensor]:
            x = torch.to(a, %1$d)
            w = torch.to(c, %1$d)
            b = torch.to(d, %1$d)
            p = %2$s
            y = torch.linear(x, w, b)
            d0 = torch.sub(ops.mkldnn._linear_pointwise(x, p, b, "none", [], ""), y)
            d1 = torch.sub(ops.mkldnn._linear_pointwise(x, p, None, "gelu", [], "none"), torch.gelu(torch.linear(x, w, None)))
            d2 = torch.sub(ops.mkldnn._linear_pointwise(x, y, p, b, "add"), torch.add(y, y))
            return [torch.to(torch.amax(torch.abs(torch.stack([d0, d1, d2])), [0, 1, 2], False), 6)]
        """.formatted(floats, PackedLinears.pack("w")).replaceAll("(?m)^ {8}", "");
        return new TorchModuleText(List.of("w"), List.of(method));
    }
}
