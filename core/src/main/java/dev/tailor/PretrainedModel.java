package dev.tailor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.tailor.engine.Network;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.serving.Serving;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loaded network: arrays in, arrays out. Safe for many threads at once. */
public final class PretrainedModel implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PretrainedModel.class);
    private static final Cleaner CLEANER = Cleaner.create();

    private final Snapshot snapshot;
    private final ModelConfig config;
    private final Architecture architecture;
    private final Head head;
    private final Network network;
    private final List<String> ignored;
    private final Serving serving;
    private final Release release;
    private final Cleaner.Cleanable cleanable;

    /** Wraps a compiled network; closing this closes it. */
    public PretrainedModel(
            Snapshot snapshot,
            ModelConfig config,
            Architecture architecture,
            Head head,
            Network network,
            List<String> ignored) {
        this(snapshot, config, architecture, head, network, ignored, Serving.plain(snapshot.id()));
    }

    /** Wraps a compiled network whose pipelines serve their callers in this way. */
    PretrainedModel(
            Snapshot snapshot,
            ModelConfig config,
            Architecture architecture,
            Head head,
            Network network,
            List<String> ignored,
            Serving serving) {
        this.snapshot = snapshot;
        this.config = config;
        this.architecture = architecture;
        this.head = head;
        this.network = network;
        this.ignored = List.copyOf(ignored);
        this.serving = serving;
        this.release = new Release(network, snapshot.id());
        this.cleanable = CLEANER.register(this, release);
    }

    /** Frees the network when its owner is gone; must not refer to the owner. */
    private record Release(Network network, String id, AtomicBoolean closed) implements Runnable {
        Release(Network network, String id) {
            this(network, id, new AtomicBoolean());
        }

        @Override
        public void run() {
            if (!closed.getAndSet(true)) {
                log.warn("{} was garbage-collected without close(); use try-with-resources", id);
                network.close();
            }
        }
    }

    /**
     * Runs the network.
     *
     * @param inputs by the reference library's names, such as {@code input_ids}, {@code attention_mask} or {@code
     *     pixel_values}; optional ones may be left out
     * @return by the reference library's names, such as {@code logits} or {@code last_hidden_state}; attached to the manager of
     *     the first input
     * @throws IllegalArgumentException if names or shapes do not fit
     * @throws IllegalStateException after {@link #close}
     */
    public Map<String, NDArray> forward(Map<String, NDArray> inputs) {
        return network.forward(inputs);
    }

    /** A manager for the arrays of one call, on the model's device; the caller closes it. */
    public NDManager newManager() {
        return network.newManager();
    }

    /** The network as a DJL block whose parameters bear the checkpoint's names; closed with this model. */
    public Block block() {
        return network.block();
    }

    /** The files it was loaded from. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** Its {@code config.json}. */
    public ModelConfig config() {
        return config;
    }

    /** Its family. */
    public Architecture architecture() {
        return architecture;
    }

    /** What stands on its backbone. */
    public Head head() {
        return head;
    }

    /** What runs. */
    public Program program() {
        return network.program();
    }

    /** Where it runs. */
    public Device device() {
        return network.device();
    }

    /** Tensors of the checkpoint that this network has no use for, such as another head's. */
    public List<String> ignoredWeights() {
        return ignored;
    }

    /** How pipelines on this model serve their callers; {@link #forward} itself joins nothing. */
    public Serving serving() {
        return serving;
    }

    /** Frees native memory; more than once does nothing. */
    @Override
    public void close() {
        if (!release.closed().getAndSet(true)) {
            network.close();
        }
        cleanable.clean();
    }

    @Override
    public String toString() {
        return snapshot.id() + " (" + architecture.className(head) + " on " + device() + ")";
    }
}
