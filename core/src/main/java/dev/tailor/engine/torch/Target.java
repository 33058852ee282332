package dev.tailor.engine.torch;

import ai.djl.Device;
import dev.tailor.Precision;
import dev.tailor.engine.Engine.Settings;
import dev.tailor.engine.EngineUnavailableException;
import dev.tailor.program.Program;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a module computes in, where, and with which kernels.
 *
 * @param floats the number of the type of floats
 * @param device the device as TorchScript names it
 * @param linears oneDNN's kernels for linear layers, in the order of preference
 * @param clamped whether convolutions are {@link ClampedConvolutions}
 */
record Target(int floats, String device, List<LinearKernel> linears, boolean clamped) {
    private static final Logger log = LoggerFactory.getLogger(Target.class);

    /** With the operators that every device has. */
    static Target plain(int floats, String device) {
        return new Target(floats, device, List.of(), false);
    }

    /** With oneDNN's kernels where they are there. */
    static Target packing(int floats, List<LinearKernel> linears) {
        return new Target(floats, "cpu", linears, false);
    }

    private Target clamping(boolean clamps) {
        return new Target(floats, device, linears, clamps);
    }

    /** What {@link #of} will most likely say; needs no natives. */
    static Target likely(Precision precision, String device, int threads, Program program) {
        boolean half =
                precision == Precision.BFLOAT16 || (precision == Precision.AUTO && HardwareFloats.cpuHasBfloat16());
        int floats = half ? Types.BFLOAT16 : Types.FLOAT32;
        if (!device.equals("cpu")) {
            return plain(floats, device);
        }
        Target target = packing(
                floats,
                precision == Precision.INT8
                        ? List.of(new QuantizedLinear(false), new FloatLinear())
                        : List.of(new FloatLinear()));
        boolean usual = threads == 0 || threads == Runtime.getRuntime().availableProcessors();
        return target.clamping(usual && target.mayClamp(program));
    }

    /** Whether XNNPACK's kernels are for this program. */
    private boolean mayClamp(Program program) {
        return floats == Types.FLOAT32 && packs() && ClampedConvolutions.suit(program);
    }

    /** Whether oneDNN's kernels are there. */
    boolean packs() {
        return !linears.isEmpty();
    }

    /**
     * The target of a network for inference.
     *
     * @param program what will run there
     * @throws EngineUnavailableException if the precision is not to be had there
     */
    static Target of(Settings settings, Program program) {
        Target target = of(settings);
        if (!target.mayClamp(program)) {
            return target;
        }
        // XNNPACK's threads are the process', so no call can choose its own number.
        boolean usual = settings.threads() == 0 || settings.threads() == TorchRuntime.threads();
        return target.clamping(usual && ClampedKernels.work());
    }

    private static Target of(Settings settings) {
        Precision precision = precision(settings);
        int floats = Types.of(precision);
        String device = TorchEngine.literal(settings.device());
        if (precision == Precision.INT8) {
            return packing(floats, List.of(quantized(settings), new FloatLinear()));
        }
        boolean packing = !settings.device().isGpu() && PackedKernels.work(floats);
        return packing ? packing(floats, List.of(new FloatLinear())) : plain(floats, device);
    }

    private static LinearKernel quantized(Settings settings) {
        Optional<QuantizedLinear> kernel =
                settings.device().isGpu() ? Optional.empty() : PackedKernels.quantizedLinear();
        return kernel.orElseThrow(() -> new EngineUnavailableException(
                settings.model() + ": " + Precision.INT8 + " was asked for on " + settings.device()
                        + ", but oneDNN's 8-bit kernels for processors are not there. Use Device.cpu() on a processor of"
                        + " the x86-64 kind, or another precision.",
                null));
    }

    private static Precision precision(Settings settings) {
        if (settings.precision() != Precision.AUTO) {
            return settings.precision();
        }
        Device device = settings.device();
        boolean half = device.isGpu()
                ? HardwareFloats.gpuHasBfloat16(device)
                : HardwareFloats.cpuHasBfloat16() && PackedKernels.work(Types.BFLOAT16);
        log.info(
                "{}: computing in {} on {}, which {} 16-bit brain floats in hardware",
                settings.model(),
                half ? Precision.BFLOAT16 : Precision.FLOAT32,
                device,
                half ? "has" : "is not known to have");
        return half ? Precision.BFLOAT16 : Precision.FLOAT32;
    }
}
