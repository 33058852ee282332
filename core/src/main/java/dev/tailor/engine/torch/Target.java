package dev.tailor.engine.torch;

import ai.djl.Device;
import dev.tailor.Precision;
import dev.tailor.engine.Engine.Settings;
import dev.tailor.engine.EngineUnavailableException;
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
 */
record Target(int floats, String device, List<LinearKernel> linears) {
    private static final Logger log = LoggerFactory.getLogger(Target.class);

    /** With the operators that every device has. */
    static Target plain(int floats, String device) {
        return new Target(floats, device, List.of());
    }

    /** What {@link #of} will most likely say; needs no natives. */
    static Target likely(Precision precision, String device) {
        boolean half =
                precision == Precision.BFLOAT16 || (precision == Precision.AUTO && HardwareFloats.cpuHasBfloat16());
        int floats = half ? Types.BFLOAT16 : Types.FLOAT32;
        if (!device.equals("cpu")) {
            return plain(floats, device);
        }
        List<LinearKernel> floating = List.of(new FloatLinear());
        return new Target(
                floats,
                device,
                precision == Precision.INT8 ? List.of(new QuantizedLinear(false), new FloatLinear()) : floating);
    }

    /** Whether oneDNN's kernels are there. */
    boolean packs() {
        return !linears.isEmpty();
    }

    /**
     * The target of a network for inference.
     *
     * @throws EngineUnavailableException if the precision is not to be had there
     */
    static Target of(Settings settings) {
        Precision precision = precision(settings);
        int floats = Types.of(precision);
        String device = TorchEngine.literal(settings.device());
        if (precision == Precision.INT8) {
            return new Target(floats, device, List.of(quantized(settings), new FloatLinear()));
        }
        boolean packing = !settings.device().isGpu() && PackedKernels.work(floats);
        return packing ? new Target(floats, device, List.of(new FloatLinear())) : plain(floats, device);
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
