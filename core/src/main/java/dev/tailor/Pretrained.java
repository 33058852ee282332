package dev.tailor;

import ai.djl.Device;
import dev.tailor.engine.onnx.OnnxExport;
import dev.tailor.hub.DownloadListener;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.serving.Batching;
import dev.tailor.serving.PredictionListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

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
    private final Choices choices;

    private Pretrained(Choices choices) {
        this.choices = choices;
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
        return new Pretrained(Choices.of(id));
    }

    /** Where to run. Without it a GPU is taken if one is ready, else the CPU; one log line says why. */
    public Pretrained device(Device value) {
        return new Pretrained(choices.withDevice(value));
    }

    /** What to compute in; 32-bit floats without it, which are what the reference libraries compute. */
    public Pretrained precision(Precision value) {
        return new Pretrained(choices.withPrecision(value));
    }

    /** The engine by its name, such as {@code PyTorch}. */
    public Pretrained engine(String name) {
        return new Pretrained(choices.withEngine(name));
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
        return new Pretrained(choices.withThreads(value));
    }

    /** A folder for downloads instead of the hub's usual cache. */
    public Pretrained cache(Path folder) {
        return new Pretrained(choices.withFetch(choices.fetch().withCache(folder)));
    }

    /** Whether only the cache is read and no socket is opened. */
    public Pretrained offline(boolean value) {
        return new Pretrained(choices.withFetch(choices.fetch().withOffline(value)));
    }

    /**
     * An adapter (LoRA) in PEFT's format; its change becomes part of the weights when the model is loaded.
     *
     * @throws IllegalArgumentException if the id has no scheme or is malformed
     */
    public Pretrained adapter(String id) {
        return adapter(new Choices.Adapter(ModelId.parse(id), true));
    }

    /** An adapter (LoRA) in a folder; see {@link #adapter(String)}. */
    public Pretrained adapter(Path folder) {
        return adapter(new Choices.Adapter(ModelId.of(folder), true));
    }

    /**
     * An adapter (LoRA) in PEFT's format beside the weights instead of within them. Several may be loaded so over one base
     * network: all of them, and the network without any, hold the weights that they have in common once. Each changed module
     * costs two thin products more in a call. Closing the pipeline unloads its adapter.
     *
     * @throws IllegalArgumentException if the id has no scheme or is malformed
     */
    public Pretrained attach(String id) {
        return adapter(new Choices.Adapter(ModelId.parse(id), false));
    }

    /** An adapter (LoRA) in a folder, beside the weights; see {@link #attach(String)}. */
    public Pretrained attach(Path folder) {
        return adapter(new Choices.Adapter(ModelId.of(folder), false));
    }

    private Pretrained adapter(Choices.Adapter value) {
        return new Pretrained(choices.withAdapter(value));
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
        return new Pretrained(choices.withFetch(choices.fetch().withTimeLimit(value)));
    }

    /** Hears about downloads. */
    public Pretrained listener(DownloadListener listener) {
        return new Pretrained(choices.withFetch(choices.fetch().withListener(listener)));
    }

    /** Hears about predictions of pipelines. */
    public Pretrained listener(PredictionListener value) {
        return new Pretrained(choices.withPredictions(value));
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
        return new Pretrained(choices.withBatching(value));
    }

    /** The id. */
    public ModelId id() {
        return choices.id();
    }

    /**
     * Fetches the files without loading them.
     *
     * @throws dev.tailor.hub.HubException if the hub cannot give them; its subclasses tell the causes apart
     */
    public Snapshot download() {
        return new ModelLoader(choices).download();
    }

    /** Loads the bare network, with the head that the config names. */
    public PretrainedModel load() {
        return new ModelLoader(choices).model(request -> request);
    }

    /**
     * Loads the bare network as {@link #load()} does, with its intermediate states as further outputs: {@code hidden_states.0}
     * and so on, in the reference library's order, such as the embeddings and each layer's output.
     *
     * @throws TailorException if the family does not tell them
     */
    public PretrainedModel loadWithHiddenStates() {
        return new ModelLoader(choices).model(TracedModel.Request::withHiddenStates);
    }

    /**
     * Writes the network, with the head that the config names, as an ONNX model (opset 17) with all its optional inputs, such as
     * {@code attention_mask}. Needs no engine.
     *
     * @see #exportOnnx(Path, Set)
     */
    public void exportOnnx(Path file) {
        TracedModel traced = new ModelLoader(choices).traced();
        OnnxExport.write(traced, traced.program().main(), id().toString(), file);
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
        TracedModel traced = new ModelLoader(choices).traced();
        Program program = traced.program();
        Program.Function function = program.functionFor(inputs)
                .orElseThrow(() -> new IllegalArgumentException(id() + " cannot be called with " + new TreeSet<>(inputs)
                        + ", only with one of "
                        + program.functions().stream()
                                .map(Program.Function::inputNames)
                                .toList()));
        OnnxExport.write(traced, function, id().toString(), file);
    }

    /**
     * Loads the model for a task.
     *
     * @throws TailorException if the model cannot do it, its files are damaged or its family is not supported
     */
    public <I, P extends Pipeline<I, ?>> P load(Task<P> task) {
        return new ModelLoader(choices).pipeline(task);
    }

    @Override
    public String toString() {
        return "Pretrained[" + id() + "]";
    }
}
