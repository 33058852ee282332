package dev.tailor.engine.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import dev.tailor.TailorException;
import dev.tailor.engine.torch.LinearKernel.Fused;
import dev.tailor.program.Op;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this build of libtorch on this processor has {@link ClampedConvolutions}. */
final class ClampedKernels {
    private static final Logger log = LoggerFactory.getLogger(ClampedKernels.class);
    private static final int CHANNELS = 8;
    private static final int SIDE = 5;

    private ClampedKernels() {}

    /** Whether the kernels give what the plain ones give; found out once. */
    static boolean work() {
        return Holder.WORK;
    }

    private static final class Holder {
        static final boolean WORK = probe();
    }

    private static boolean probe() {
        // XNNPACK's threads are counted once in a process: as the machine's, unless this comes first.
        JniUtils.setNumThreads(TorchRuntime.threads());
        try (TorchModule module = TorchModule.load("the probe of XNNPACK", text(), Device.cpu(), 0, false);
                NDManager manager = module.newManager()) {
            PtNDArray x = values(manager, 1, CHANNELS, SIDE, SIDE);
            PtNDArray w = values(manager, CHANNELS, 1, 3, 3);
            PtNDArray b = values(manager, CHANNELS);
            List<PtNDArray> results = module.infer("probe", manager, IValue.from(x), IValue.from(w), IValue.from(b));
            float difference = results.get(0).toFloatArray()[0];
            log.debug("XNNPACK's convolutions are off by {}", difference);
            return difference < 1e-4f;
        } catch (TailorException e) {
            log.debug("no convolutions of XNNPACK", e);
            return false;
        }
    }

    private static PtNDArray values(NDManager manager, long... shape) {
        float[] values = new float[(int) new Shape(shape).size()];
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) Math.sin(shape.length + i));
        return (PtNDArray) manager.create(values, new Shape(shape));
    }

    /** Gives the largest difference between a clamped layer and a plain one. */
    private static TorchModuleText text() {
        Op.Conv2d op = new Op.Conv2d(List.of(1L, 1L), List.of(1L, 1L), List.of(1L, 1L), CHANNELS);
        String attributes = "[1, 1], [1, 1], [1, 1], " + CHANNELS;
        String body = "    c = self.c\n"
                + "    _ = torch.append(c, "
                + ClampedConvolutions.pack(op, new Fused("hardtanh", List.of(0.0, 6.0), ""), "w", "b") + ")\n"
                + "    x = torch.contiguous(a, memory_format=2)\n"
                + "    y = " + ClampedConvolutions.run("x", "c[0]") + "\n"
                + "    z = torch.hardtanh(torch.conv2d(a, w, b, " + attributes + "), 0., 6.)\n"
                + "    return [torch.amax(torch.abs(torch.sub(y, z)), [0, 1, 2, 3], False)]\n";
        String method = MethodWriter.signature("probe", List.of("a", "w", "b")) + body;
        return new TorchModuleText(List.of("w"), List.of("c"), List.of(method));
    }
}
