package dev.tailor.engine.torch;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.slf4j.LoggerFactory;

/** Which short floats a device computes with in hardware, as far as the system tells. */
final class HardwareFloats {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    /** What Linux calls the instructions on x86-64 (AVX-512, AMX) and on ARM. */
    private static final Set<String> BFLOAT16 = Set.of("avx512_bf16", "amx_bf16", "bf16");
    /** NVIDIA's Ampere is the first with brain floats. */
    private static final int AMPERE = 80;

    private HardwareFloats() {}

    /** Whether the processor has instructions for brain floats; false where the system does not say. */
    static boolean cpuHasBfloat16() {
        return Processor.BFLOAT16;
    }

    static boolean gpuHasBfloat16(Device device) {
        return Integer.parseInt(CudaUtils.getComputeCapability(Math.max(device.getDeviceId(), 0))) >= AMPERE;
    }

    /** Whether the text that Linux gives of its processors names such instructions. */
    static boolean namesBfloat16(List<String> lines) {
        return lines.stream()
                .filter(l -> l.startsWith("flags") || l.startsWith("Features"))
                .anyMatch(l -> Arrays.stream(l.split("\\s+")).anyMatch(BFLOAT16::contains));
    }

    private static final class Processor {
        static final boolean BFLOAT16 = read();

        private static boolean read() {
            if (!Files.isReadable(PROCESSORS)) {
                return false;
            }
            try {
                return namesBfloat16(Files.readAllLines(PROCESSORS, StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                LoggerFactory.getLogger(HardwareFloats.class).debug("cannot read {}", PROCESSORS, e);
                return false;
            }
        }
    }
}
