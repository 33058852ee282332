package dev.tailor.engine.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.tailor.engine.Arguments;
import dev.tailor.engine.Engine.Settings;
import dev.tailor.engine.Network;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The inference variant in native memory. */
final class TorchNetwork implements Network {
    private final TracedModel model;
    private final Settings settings;
    private final SharedModules.Lease lease;
    private final TorchModule module;
    private final Set<String> packing;
    private final int floats;
    /** How batches may be cut, by the names of functions. */
    private final Map<String, BatchCut> cuts;

    private final AtomicBoolean closed = new AtomicBoolean();
    /** No monitor: waiting for one would hold the carrier of a virtual thread. */
    private final ReentrantLock blockLock = new ReentrantLock();

    private @Nullable TorchBlock block;

    /**
     * Binds a model's weights.
     *
     * @param ahead the model, written for what the target was thought to be
     */
    TorchNetwork(TracedModel model, Settings settings, Lowered ahead) {
        this.model = model;
        this.settings = settings;
        Target target = Target.of(settings, model.program());
        Lowered lowered = target.equals(ahead.target()) ? ahead : Lowered.of(model, target);
        packing = lowered.text().packing();
        floats = target.floats();
        cuts = lowered.cuts();
        lease = SharedModules.process()
                .take(
                        ModuleKey.of(lowered.module(), settings.device(), settings.threads(), model, lowered.stored()),
                        () -> ModuleBinding.load(model, settings, lowered));
        module = lease.module();
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException(settings.model() + " has been closed");
        }
    }

    @Override
    public NDManager newManager() {
        requireOpen();
        return module.newManager();
    }

    @Override
    public Map<String, NDArray> forward(Map<String, NDArray> inputs) {
        requireOpen();
        Program.Function function = Arguments.function(settings.model(), program(), inputs);
        List<NDArray> arguments = Arguments.ordered(function, inputs);
        NDManager target = arguments.get(0).getManager();
        long batch = arguments.get(0).getShape().dimension() > 0
                ? arguments.get(0).getShape().get(0)
                : 1;
        long rows = rows(function, arguments, batch);
        return named(
                function,
                rows < batch ? inParts(function, arguments, target, batch, rows) : run(function, arguments, target));
    }

    /** How many examples are computed at a time. */
    private long rows(Program.Function function, List<NDArray> arguments, long batch) {
        return Optional.ofNullable(cuts.get(function.name()))
                .filter(cut -> batch > 1)
                .map(cut -> cut.rows(sizes(arguments), Types.bytes(floats)))
                .orElse(batch);
    }

    private List<? extends NDArray> inParts(
            Program.Function function, List<NDArray> arguments, NDManager target, long batch, long rows) {
        try (NDManager manager = target.newSubManager()) {
            List<NDList> results = new ArrayList<>();
            function.outputs().forEach((name, output) -> results.add(new NDList()));
            for (long from = 0; from < batch; from += rows) {
                NDIndex part = new NDIndex().addSliceDim(from, Math.min(from + rows, batch));
                List<NDArray> cut =
                        arguments.stream().map(a -> a.get(manager, part)).toList();
                List<PtNDArray> found = run(function, cut, manager);
                for (int i = 0; i < found.size(); i++) {
                    results.get(i).add(found.get(i));
                }
            }
            return results.stream()
                    .map(parts -> {
                        NDArray whole = NDArrays.concat(parts);
                        whole.attach(target);
                        return whole;
                    })
                    .toList();
        }
    }

    private List<PtNDArray> run(Program.Function function, List<NDArray> arguments, NDManager target) {
        IValue[] values = values(arguments, device());
        return packing.contains(function.name())
                ? module.inferPacked(function.name(), target, sizes(arguments), values)
                : module.infer(function.name(), target, values);
    }

    private static List<long[]> sizes(List<NDArray> arguments) {
        return arguments.stream().map(a -> a.getShape().getShape()).toList();
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
    public Block block() {
        blockLock.lock();
        try {
            requireOpen();
            if (block == null) {
                block = new TorchBlock(model, settings);
            }
            return block;
        } finally {
            blockLock.unlock();
        }
    }

    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            // Waits for calls, so it must not hold the lock.
            lease.release();
            @Nullable TorchBlock made = made();
            if (made != null) {
                made.close();
            }
        }
    }

    private @Nullable TorchBlock made() {
        blockLock.lock();
        try {
            return block;
        } finally {
            blockLock.unlock();
        }
    }
}
