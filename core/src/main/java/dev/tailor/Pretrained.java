package dev.tailor;

import ai.djl.Device;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.JoinedCheckpoint;
import dev.tailor.engine.Engine;
import dev.tailor.engine.onnx.OnnxExport;
import dev.tailor.hub.DownloadListener;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.Hubs;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.AdapterFolder;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.serving.Batching;
import dev.tailor.serving.PredictionListener;
import dev.tailor.serving.Serving;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pretrained model that is about to be loaded. Immutable: every setter returns a copy.
 *
 * <pre>{@code
 * try (var classifier = Pretrained.from("hf://org/name").load(Task.TEXT_CLASSIFICATION)) {
 *     System.out.println(classifier.classify("A touching, funny film."));
 * }
 * }</pre>
 */
public final class Pretrained {
    private static final Logger log = LoggerFactory.getLogger(Pretrained.class);

    private final ModelId id;
    private final FetchRequest fetch;
    private final @Nullable Device device;
    private final Precision precision;
    private final String engine;
    private final int threads;
    private final @Nullable ChosenAdapter adapter;
    private final @Nullable Batching batching;
    private final PredictionListener predictions;

    private Pretrained(
            ModelId id,
            FetchRequest fetch,
            @Nullable Device device,
            Precision precision,
            String engine,
            int threads,
            @Nullable ChosenAdapter adapter,
            @Nullable Batching batching,
            PredictionListener predictions) {
        this.id = id;
        this.fetch = fetch;
        this.device = device;
        this.precision = precision;
        this.engine = engine;
        this.threads = threads;
        this.adapter = adapter;
        this.batching = batching;
        this.predictions = predictions;
    }

    /**
     * A model by its id, such as {@code hf://org/name@revision}, {@code file:folder} or {@code bundled:name}.
     *
     * @throws IllegalArgumentException if the id has no scheme or is malformed; the message shows the corrected forms
     */
    public static Pretrained from(String id) {
        return from(ModelId.parse(id));
    }

    /** A model in a folder. */
    public static Pretrained from(Path folder) {
        return from(ModelId.of(folder));
    }

    private static Pretrained from(ModelId id) {
        return new Pretrained(
                id, FetchRequest.defaults(), null, Precision.FLOAT32, "", 0, null, null, PredictionListener.none());
    }

    /** Where to run. Without it a GPU is taken if one is ready, else the CPU; one log line says why. */
    public Pretrained device(Device value) {
        return new Pretrained(id, fetch, value, precision, engine, threads, adapter, batching, predictions);
    }

    /** What to compute in; 32-bit floats without it, which are what the reference libraries compute. */
    public Pretrained precision(Precision value) {
        return new Pretrained(id, fetch, device, value, engine, threads, adapter, batching, predictions);
    }

    /** The engine by its name, such as {@code PyTorch}. */
    public Pretrained engine(String name) {
        return new Pretrained(id, fetch, device, precision, name, threads, adapter, batching, predictions);
    }

    /**
     * Threads within one call, at least one; they are set for the time of a call on the thread that calls, and put back. Without
     * it a call takes what the process is set to: as many as Java may use processors, a container's limit counted, unless
     * {@code OMP_NUM_THREADS}, {@code MKL_NUM_THREADS} or {@code ai.djl.pytorch.num_threads} says otherwise.
     */
    public Pretrained threads(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("threads must be at least 1, found " + value);
        }
        return new Pretrained(id, fetch, device, precision, engine, value, adapter, batching, predictions);
    }

    /** A folder for downloads instead of the hub's usual cache. */
    public Pretrained cache(Path folder) {
        return new Pretrained(
                id, fetch.withCache(folder), device, precision, engine, threads, adapter, batching, predictions);
    }

    /** Whether only the cache is read and no socket is opened. */
    public Pretrained offline(boolean value) {
        return new Pretrained(
                id, fetch.withOffline(value), device, precision, engine, threads, adapter, batching, predictions);
    }

    /**
     * An adapter (LoRA) in PEFT's format; its change becomes part of the weights when the model is loaded.
     *
     * @throws IllegalArgumentException if the id has no scheme or is malformed
     */
    public Pretrained adapter(String id) {
        return adapter(new ChosenAdapter(ModelId.parse(id), true));
    }

    /** An adapter (LoRA) in a folder; see {@link #adapter(String)}. */
    public Pretrained adapter(Path folder) {
        return adapter(new ChosenAdapter(ModelId.of(folder), true));
    }

    /**
     * An adapter (LoRA) in PEFT's format beside the weights instead of within them. Several may be loaded so over one base
     * network: all of them, and the network without any, hold the weights that they have in common once. Each changed module
     * costs two thin products more in a call. Closing the pipeline unloads its adapter.
     *
     * @throws IllegalArgumentException if the id has no scheme or is malformed
     */
    public Pretrained attach(String id) {
        return adapter(new ChosenAdapter(ModelId.parse(id), false));
    }

    /** An adapter (LoRA) in a folder, beside the weights; see {@link #attach(String)}. */
    public Pretrained attach(Path folder) {
        return adapter(new ChosenAdapter(ModelId.of(folder), false));
    }

    /** Which adapter, and whether it becomes part of the weights. */
    private record ChosenAdapter(ModelId id, boolean merged) {}

    private Pretrained adapter(ChosenAdapter value) {
        return new Pretrained(id, fetch, device, precision, engine, threads, value, batching, predictions);
    }

    /**
     * How long a download, of the model as of an adapter, may take in all, waits and repetitions included. What came until then is kept for the next try. Without it a
     * download takes as long as it goes on.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public Pretrained timeLimit(Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("The time limit must be longer than nothing, found " + value);
        }
        return new Pretrained(
                id, fetch.withTimeLimit(value), device, precision, engine, threads, adapter, batching, predictions);
    }

    /** Hears about downloads. */
    public Pretrained listener(DownloadListener listener) {
        return new Pretrained(
                id, fetch.withListener(listener), device, precision, engine, threads, adapter, batching, predictions);
    }

    /** Hears about predictions of pipelines. */
    public Pretrained listener(PredictionListener value) {
        return new Pretrained(id, fetch, device, precision, engine, threads, adapter, batching, value);
    }

    /**
     * Joins concurrent calls of one input each into batches, each answered by itself; see {@link Batching}. A caller alone is
     * never delayed. Texts share a batch if they have about the same number of tokens. Calls of many inputs are batches
     * already and run by themselves.
     *
     * @throws IllegalArgumentException if {@code maxBatch} is not positive or {@code maxDelay} negative
     */
    public Pretrained batching(int maxBatch, Duration maxDelay) {
        return batching(Batching.of(maxBatch, maxDelay));
    }

    /** Joins concurrent calls, with limits of one's own; see {@link #batching(int, Duration)}. */
    public Pretrained batching(Batching value) {
        return new Pretrained(id, fetch, device, precision, engine, threads, adapter, value, predictions);
    }

    /** The id. */
    public ModelId id() {
        return id;
    }

    /**
     * Fetches the files without loading them.
     *
     * @throws dev.tailor.hub.HubException if the hub cannot give them; its subclasses tell the causes apart
     */
    public Snapshot download() {
        return Hubs.fetch(id, fetch);
    }

    /** Loads the bare network, with the head that the config names. */
    public PretrainedModel load() {
        Engine chosen = engineReady();
        Snapshot snapshot = download();
        chosen.prepare();
        ModelConfig config = ModelConfig.read(snapshot.require("config.json"));
        return load(chosen, snapshot, config, Registry.architecture(config).head(config), r -> r)
                .model();
    }

    /**
     * Loads the bare network as {@link #load()} does, with its intermediate states as further outputs: {@code hidden_states.0}
     * and so on, in the reference library's order, such as the embeddings and each layer's output.
     *
     * @throws TailorException if the family does not tell them
     */
    public PretrainedModel loadWithHiddenStates() {
        Engine chosen = engineReady();
        Snapshot snapshot = download();
        chosen.prepare();
        ModelConfig config = ModelConfig.read(snapshot.require("config.json"));
        Head head = Registry.architecture(config).head(config);
        return load(chosen, snapshot, config, head, TracedModel.Request::withHiddenStates)
                .model();
    }

    /**
     * Writes the network, with the head that the config names, as an ONNX model (opset 17) with all its optional inputs, such as
     * {@code attention_mask}. Needs no engine.
     *
     * @see #exportOnnx(Path, Set)
     */
    public void exportOnnx(Path file) {
        TracedModel traced = traced();
        OnnxExport.write(traced, traced.program().main(), id.toString(), file);
    }

    /**
     * Writes the network, with the head that the config names, as an ONNX model (opset 17) of exactly these inputs. Inputs and
     * outputs carry the reference library's names, floats have 32 bits, and what {@link PretrainedModel#forward} leaves to the caller, such as
     * batch and length, stays open. An adapter is part of it. The file appears whole or not at all; weights above 1.5 GiB go
     * into a second one, named like it with {@code .data} behind.
     *
     * @throws IllegalArgumentException if the network cannot be called with these inputs
     * @throws TailorException if the model's files are damaged, its family is not supported, or the file cannot be written
     */
    public void exportOnnx(Path file, Set<String> inputs) {
        TracedModel traced = traced();
        Program program = traced.program();
        Program.Function function = program.functionFor(inputs)
                .orElseThrow(() -> new IllegalArgumentException(id + " cannot be called with " + new TreeSet<>(inputs)
                        + ", only with one of "
                        + program.functions().stream()
                                .map(Program.Function::inputNames)
                                .toList()));
        OnnxExport.write(traced, function, id.toString(), file);
    }

    private TracedModel traced() {
        Snapshot snapshot = download();
        ModelConfig config = ModelConfig.read(snapshot.require("config.json"));
        Architecture architecture = Registry.architecture(config);
        Head head = architecture.head(config);
        requireHead(snapshot, config, architecture, head);
        return request(architecture, config, head, snapshot).trace();
    }

    /**
     * Loads the model for a task.
     *
     * @throws TailorException if the model cannot do it, its files are damaged or its family is not supported
     */
    public <I, P extends Pipeline<I, ?>> P load(Task<P> task) {
        TaskFactory<I, P> factory = Registry.factory(task);
        Engine chosen = engineReady();
        Snapshot snapshot = download();
        Optional<P> ready = factory.openWithoutNetwork(snapshot);
        if (ready.isPresent()) {
            return ready.get();
        }
        chosen.prepare();
        ModelConfig config = ModelConfig.read(snapshot.require("config.json"));
        Loading loading = load(chosen, snapshot, config, factory.head(), request -> {
            TracedModel.Request marked = factory.readsFeatures() ? request.withFeatures() : request;
            return factory.readsHiddenStates() ? marked.withHiddenStates() : marked;
        });
        P pipeline;
        try {
            pipeline = factory.create(loading.pending);
        } catch (RuntimeException e) {
            loading.abandon(e);
            throw e;
        }
        try {
            loading.network.ready();
            return pipeline;
        } catch (RuntimeException | Error e) {
            pipeline.close();
            throw e;
        }
    }

    /** A model and its network, which may still be compiled. */
    private record Loading(PretrainedModel pending, PendingNetwork network) {

        /** The model, once its network is there. */
        PretrainedModel model() {
            try {
                network.ready();
                return pending;
            } catch (RuntimeException | Error e) {
                pending.close();
                throw e;
            }
        }

        void abandon(RuntimeException cause) {
            pending.close();
            @Nullable Throwable failure = network.failure();
            if (failure != null) {
                cause.addSuppressed(failure);
            }
        }
    }

    /** The engine, once a device that was asked for is known to be there: that is told before gigabytes are fetched. */
    private Engine engineReady() {
        Engine chosen = Registry.engine(engine);
        if (device != null && !device.equals(Device.cpu())) {
            chosen.require(device);
        }
        return chosen;
    }

    private Loading load(
            Engine chosen,
            Snapshot snapshot,
            ModelConfig config,
            Head head,
            UnaryOperator<TracedModel.Request> options) {
        Architecture architecture = Registry.architecture(config);
        requireHead(snapshot, config, architecture, head);
        TracedModel traced =
                options.apply(request(architecture, config, head, snapshot)).trace();
        PendingNetwork network = PendingNetwork.begin(traced.program(), () -> {
            Device target = device == null ? chosen.defaultDevice() : device;
            return chosen.inference(traced, new Engine.Settings(id.toString(), target, precision, threads));
        });
        if (!traced.ignored().isEmpty()) {
            log.info(
                    "{}: {} does not use {} stored tensors: {}",
                    snapshot.id(),
                    architecture.className(head),
                    traced.ignored().size(),
                    shortened(traced.ignored()));
        }
        Serving serving = new Serving(snapshot.id(), Optional.ofNullable(batching), predictions);
        return new Loading(
                new PretrainedModel(snapshot, config, architecture, head, network, traced.ignored(), serving), network);
    }

    private TracedModel.Request request(Architecture architecture, ModelConfig config, Head head, Snapshot snapshot) {
        Checkpoint checkpoint = Checkpoint.open(snapshot.root());
        if (adapter == null) {
            return TracedModel.of(architecture, config, head, checkpoint, snapshot.id());
        }
        Snapshot folder = Hubs.fetch(adapter.id(), fetch);
        AdapterFolder stored = AdapterFolder.read(folder.root());
        Checkpoint both = new JoinedCheckpoint(checkpoint, stored.weights());
        TracedModel.Request request =
                TracedModel.of(architecture, config, head, both, snapshot.id() + " with the adapter " + folder.id());
        return adapter.merged() ? request.merged(stored.adapter()) : request.attached(stored.adapter());
    }

    private static void requireHead(Snapshot snapshot, ModelConfig config, Architecture architecture, Head head) {
        if (!architecture.heads().contains(head)) {
            throw new TailorException(snapshot.id() + ": " + architecture + " models have no "
                    + architecture.className(head) + "; they can be loaded as "
                    + architecture.heads().stream()
                            .map(architecture::className)
                            .sorted()
                            .toList());
        }
        Head stored = config.head().orElse(config.architectures().isEmpty() ? head : Head.BASE);
        if (head != Head.BASE && stored != head) {
            throw new TailorException(snapshot.id() + " was saved as " + config.architectures()
                    + " and has no trained " + architecture.className(head)
                    + ". Load it for the task it was trained for, or give it that head with FineTuning.of(...).");
        }
    }

    private static String shortened(List<String> names) {
        return names.size() <= 6 ? names.toString() : names.subList(0, 6) + " and " + (names.size() - 6) + " more";
    }

    @Override
    public String toString() {
        return "Pretrained[" + id + "]";
    }
}
