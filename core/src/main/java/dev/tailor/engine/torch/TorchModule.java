package dev.tailor.engine.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.tailor.TailorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A TorchScript module in native memory with what its tensors are made of, and the two ways to call it. Methods may run on
 * many threads at once.
 */
final class TorchModule implements AutoCloseable {
    /** What stands before a method's name for the one that makes {@link ShapePacks}. */
    static final String PACK = "pack_";
    /** What stands before a method's name for the one that takes them. */
    static final String PACKED = "packed_";

    /** XNNPACK's threads serve one operator at a time; calls that took turns at them would only wait more often. */
    private static final ReentrantLock POOL = new ReentrantLock(true);

    private final String name;
    private final Model model;
    private final PtSymbolBlock block;
    private final int threads;
    /** Whether it computes on the process' {@link #POOL}. */
    private final boolean pooled;

    private final NDManager owner;
    /** Calls hold it shared, close holds it alone: native memory never goes while somebody computes with it. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private Runnable afterwards = () -> {};
    private final ShapePacks packs = new ShapePacks();
    private boolean closed;

    private TorchModule(String name, Model model, int threads, boolean pooled) {
        this.pooled = pooled;
        this.name = name;
        this.model = model;
        this.block = (PtSymbolBlock) model.getBlock();
        this.threads = threads;
        this.owner = model.getNDManager().newSubManager();
    }

    /** Loads a module. One that will train must be loaded as such: otherwise its tensors never take gradients. */
    static TorchModule load(String name, TorchModuleText text, Device device, int threads, boolean trains) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("tailor");
            Path file = folder.resolve("net.pt");
            TorchArchive.write(file, text);
            Model model = TorchRuntime.engine().newModel("net", device);
            boolean loaded = false;
            try {
                model.load(folder, "net", trains ? Map.of("trainParam", "true") : Map.of());
                TorchModule module =
                        new TorchModule(name, model, threads, !text.contexts().isEmpty());
                loaded = true;
                return module;
            } catch (MalformedModelException | EngineException e) {
                throw new TailorException(
                        name + ": the lowered program was refused by libtorch; this is a defect of Tailor: "
                                + e.getMessage(),
                        e);
            } finally {
                if (!loaded) {
                    model.close();
                }
            }
        } catch (IOException e) {
            throw new TailorException(name + ": cannot write the lowered program to a temporary file: " + e, e);
        } finally {
            delete(folder);
        }
    }

    private static void delete(@Nullable Path folder) {
        if (folder != null) {
            try {
                Files.deleteIfExists(folder.resolve("net.pt"));
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                // On Windows the file may still be open; the temporary folder is the system's to clean.
                LoggerFactory.getLogger(TorchModule.class).debug("Left behind: {}", folder, e);
            }
        }
    }

    /** Runs a method without gradients; what it returns belongs to {@code target}. Closes the arguments. */
    List<PtNDArray> infer(String method, NDManager target, IValue... arguments) {
        try {
            return arrays(method, target, arguments);
        } finally {
            close(arguments);
        }
    }

    /**
     * As {@link #infer}, for a method that has a variant with weights made for the sizes of its arguments.
     *
     * @param sizes the sizes of the arguments
     */
    List<PtNDArray> inferPacked(String method, NDManager target, List<long[]> sizes, IValue... arguments) {
        lock.readLock().lock();
        try {
            requireOpen();
            Optional<IValue> pack = packs.of(method, sizes, () -> run(PACK + method, arguments));
            if (pack.isEmpty()) {
                return arrays(method, target, arguments);
            }
            IValue[] all = Arrays.copyOf(arguments, arguments.length + 1);
            all[arguments.length] = pack.get();
            return arrays(PACKED + method, target, all);
        } finally {
            lock.readLock().unlock();
            close(arguments);
        }
    }

    private static void close(IValue... values) {
        for (IValue value : values) {
            value.close();
        }
    }

    private List<PtNDArray> arrays(String method, NDManager target, IValue... arguments) {
        try (IValue result = run(method, arguments)) {
            return List.of(result.toTensorArray((PtNDManager) target));
        }
    }

    private IValue run(String method, IValue... arguments) {
        lock.readLock().lock();
        try {
            requireOpen();
            if (!pooled) {
                return compute(method, arguments);
            }
            POOL.lock();
            try {
                return compute(method, arguments);
            } finally {
                POOL.unlock();
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private IValue compute(String method, IValue... arguments) {
        int before = enter();
        try {
            return IValueUtils.runMethod(block, method, arguments);
        } catch (EngineException e) {
            throw failed(method, e);
        } finally {
            leave(before);
        }
    }

    /**
     * Runs a method outside of inference mode; what it returns belongs to the manager of the first argument.
     *
     * @param gradients whether operations are recorded
     * @param arguments arrays; those named {@code w[]} form one list
     */
    NDList train(String method, boolean gradients, NDList arguments) {
        lock.readLock().lock();
        try {
            requireOpen();
            int before = enter();
            boolean mode = JniUtils.isGradMode();
            JniUtils.setGradMode(gradients);
            try (NDArray selector = arguments.get(0).getManager().create(0f)) {
                selector.setName("module_method:" + method);
                NDList all = new NDList(arguments);
                all.add(selector);
                return IValueUtils.forward(block, all, true);
            } catch (EngineException e) {
                throw failed(method, e);
            } finally {
                JniUtils.setGradMode(mode);
                leave(before);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Like {@link #train(String, boolean, NDList)} for plain arguments, whose own names mean nothing here. */
    NDList train(String method, boolean gradients, List<NDArray> arguments) {
        // DJL takes dots and brackets in a name for structure. The names are the caller's and are put back.
        List<@Nullable String> names = new ArrayList<>();
        arguments.forEach(a -> {
            names.add(a.getName());
            a.setName(null);
        });
        try {
            return train(method, gradients, new NDList(arguments));
        } finally {
            for (int i = 0; i < names.size(); i++) {
                arguments.get(i).setName(names.get(i));
            }
        }
    }

    /** Puts this thread into the state that programs want; returns the number of threads to go back to. */
    private int enter() {
        // The profiling executor specialises for every new shape, on every thread, which costs more than it gains here.
        JniUtils.setGraphExecutorOptimize(false);
        return CallThreads.enter(threads);
    }

    private static void leave(int threadsBefore) {
        JniUtils.setGraphExecutorOptimize(
                Boolean.parseBoolean(System.getProperty("ai.djl.pytorch.graph_optimizer", "true")));
        CallThreads.leave(threadsBefore);
    }

    private TailorException failed(String method, EngineException e) {
        String message = String.valueOf(e.getMessage());
        int last = message.lastIndexOf("Error: ");
        return new TailorException(
                name + ": " + method + " failed: "
                        + message.substring(Math.max(last, 0)).strip(),
                e);
    }

    /** Owns what lives as long as the module: mapped weights, and what the module's methods made of them. */
    NDManager owner() {
        return owner;
    }

    /** A manager for one call. It does not belong to the module, so results outlive it. */
    NDManager newManager() {
        lock.readLock().lock();
        try {
            requireOpen();
            return TorchRuntime.engine().newBaseManager(model.getNDManager().getDevice());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Says what else goes when the module goes. */
    void afterwards(Runnable action) {
        afterwards = action;
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException(name + " has been closed");
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                packs.close();
                owner.close();
                model.close();
                afterwards.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
