package dev.tailor.engine.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.tailor.engine.Arguments;
import dev.tailor.engine.Engine.Settings;
import dev.tailor.engine.Network;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The inference variant in native memory. */
final class TorchNetwork implements Network {
    private final TracedModel model;
    private final Settings settings;
    private final TorchModule module;
    private @Nullable TorchBlock block;

    TorchNetwork(TracedModel model, Settings settings) {
        this.model = model;
        this.settings = settings;
        int floats = Types.of(settings.precision());
        String device = TorchEngine.literal(settings.device());
        boolean packing = !settings.device().isGpu() && PackedKernels.work(floats);
        TorchModuleText text =
                InferenceText.of(model.program(), BoundWeights.conversions(model, floats), floats, device, packing);
        module = TorchModule.load(settings.model(), text, settings.device(), settings.threads(), false);
        boolean bound = false;
        try {
            // The owner keeps the mapped arrays and those that bind computed from them, which may be views.
            NDManager owner = module.owner();
            module.infer("bind", owner, IValue.listFrom(BoundWeights.of(model, owner)));
            bound = true;
        } finally {
            if (!bound) {
                module.close();
            }
        }
    }

    @Override
    public NDManager newManager() {
        return module.newManager();
    }

    @Override
    public Map<String, NDArray> forward(Map<String, NDArray> inputs) {
        module.requireOpen();
        Program.Function function = Arguments.function(settings.model(), program(), inputs);
        List<NDArray> arguments = Arguments.ordered(function, inputs);
        NDManager target = arguments.get(0).getManager();
        return named(function, module.infer(function.name(), target, values(arguments, device())));
    }

    /** Arguments for {@link TorchModule#infer}, which closes them. */
    static IValue[] values(List<NDArray> arguments, Device device) {
        return arguments.stream()
                .map(a -> IValue.from((PtNDArray) a.toDevice(device, false)))
                .toArray(IValue[]::new);
    }

    static Map<String, NDArray> named(Program.Function function, List<? extends NDArray> results) {
        Map<String, NDArray> outputs = new LinkedHashMap<>();
        int i = 0;
        for (String name : function.outputs().keySet()) {
            NDArray result = results.get(i++);
            result.setName(name);
            outputs.put(name, result);
        }
        return outputs;
    }

    @Override
    public Program program() {
        return model.program();
    }

    @Override
    public Device device() {
        return settings.device();
    }

    @Override
    public synchronized Block block() {
        module.requireOpen();
        if (block == null) {
            block = new TorchBlock(model, settings);
        }
        return block;
    }

    @Override
    public synchronized void close() {
        module.close();
        if (block != null) {
            block.close();
        }
    }
}
