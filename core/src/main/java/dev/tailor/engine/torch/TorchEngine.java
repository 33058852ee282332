package dev.tailor.engine.torch;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import dev.tailor.Precision;
import dev.tailor.engine.Engine;
import dev.tailor.engine.EngineUnavailableException;
import dev.tailor.engine.Network;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.program.TracedModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** libtorch through DJL. */
public final class TorchEngine implements Engine {
    private static final Logger log = LoggerFactory.getLogger(TorchEngine.class);

    /** For {@link java.util.ServiceLoader}. */
    public TorchEngine() {}

    @Override
    public String name() {
        return "PyTorch";
    }

    @Override
    public String version() {
        return TorchRuntime.engine().getVersion();
    }

    @Override
    public Device defaultDevice() {
        String lacking = lackingForGpu();
        Device device = lacking.isEmpty() ? Device.gpu() : Device.cpu();
        log.info("Running on {}: {}", device, lacking.isEmpty() ? "a CUDA device is ready" : lacking);
        return device;
    }

    @Override
    public void require(Device device) {
        if (!device.isGpu() && !device.getDeviceType().equals(Device.Type.CPU)) {
            throw new EngineUnavailableException(
                    device + " was asked for, but Tailor runs PyTorch on the CPU or on CUDA. Use Device.cpu().", null);
        }
        if (device.isGpu()) {
            String lacking = lackingForGpu();
            int count = lacking.isEmpty() ? CudaUtils.getGpuCount() : 0;
            if (lacking.isEmpty() && device.getDeviceId() >= count) {
                lacking = "there are only " + count + " CUDA devices";
            }
            if (!lacking.isEmpty()) {
                throw new EngineUnavailableException(
                        device + " was asked for, but " + lacking
                                + ". Leave .device(...) out to let Tailor choose, or use Device.cpu().",
                        null);
            }
        }
        TorchRuntime.engine();
    }

    /** Why no GPU can be used, or an empty text. */
    private static String lackingForGpu() {
        boolean built = TorchRuntime.engine().hasCapability("CUDA");
        if (!built) {
            return "the PyTorch natives on the class path are built for the CPU (a GPU needs pytorch-native-cu128)";
        }
        return CudaUtils.getGpuCount() > 0 ? "" : "no CUDA device or driver was found";
    }

    @Override
    public void prepare() {
        TorchRuntime.begin();
    }

    @Override
    public Network inference(TracedModel model, Settings settings) {
        Lowered ahead = Lowered.of(
                model,
                Target.likely(settings.precision(), literal(settings.device()), settings.threads(), model.program()));
        require(settings.device());
        return new TorchNetwork(model, settings, ahead);
    }

    @Override
    public Network inference(TracedModel model, String name, Precision precision, int threads) {
        // Natives may still load: what the text depends on is known only then, but is nearly always the same.
        Lowered ahead = Lowered.of(model, Target.likely(precision, "cpu", threads, model.program()));
        return new TorchNetwork(model, new Settings(name, defaultDevice(), precision, threads), ahead);
    }

    @Override
    public TrainableNetwork training(TracedModel model, TrainingSettings settings) {
        require(settings.base().device());
        return new TorchTrainer(model, settings);
    }

    /** A device as TorchScript names it. */
    static String literal(Device device) {
        return device.isGpu() ? "cuda:" + Math.max(device.getDeviceId(), 0) : "cpu";
    }
}
