package dev.tailor;

import ai.djl.Device;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.JoinedCheckpoint;
import dev.tailor.engine.Engine;
import dev.tailor.hub.Hubs;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.AdapterFolder;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.TracedModel;
import dev.tailor.serving.Serving;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches a model's files, traces its network and has it compiled, each as soon as it can begin. */
final class ModelLoader {
    private static final Logger log = LoggerFactory.getLogger(ModelLoader.class);

    private final Choices choices;

    ModelLoader(Choices choices) {
        this.choices = choices;
    }

    Snapshot download() {
        return Hubs.fetch(choices.id(), choices.fetch());
    }

    /** The bare network, with the head that the config names. */
    PretrainedModel model(UnaryOperator<TracedModel.Request> options) {
        Engine chosen = engineReady();
        Snapshot snapshot = download();
        chosen.prepare();
        ModelConfig config = ModelConfig.read(snapshot.require("config.json"));
        return begin(chosen, snapshot, config, Registry.architecture(config).head(config), options)
                .model();
    }

    /** The same without an engine. */
    TracedModel traced() {
        Snapshot snapshot = download();
        ModelConfig config = ModelConfig.read(snapshot.require("config.json"));
        Architecture architecture = Registry.architecture(config);
        Head head = architecture.head(config);
        requireHead(snapshot, config, architecture, head);
        return request(architecture, config, head, snapshot).trace();
    }

    <I, P extends Pipeline<I, ?>> P pipeline(Task<P> task) {
        TaskFactory<I, P> factory = Registry.factory(task);
        Engine chosen = engineReady();
        Snapshot snapshot = download();
        Optional<P> ready = factory.openWithoutNetwork(snapshot);
        if (ready.isPresent()) {
            return ready.get();
        }
        chosen.prepare();
        ModelConfig config = ModelConfig.read(snapshot.require("config.json"));
        Loading loading = begin(chosen, snapshot, config, factory.head(), request -> {
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
        Engine chosen = Registry.engine(choices.engine());
        Device device = choices.device();
        if (device != null && !device.equals(Device.cpu())) {
            chosen.require(device);
        }
        return chosen;
    }

    private Loading begin(
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
            String name = choices.id().toString();
            Device device = choices.device();
            return device == null
                    ? chosen.inference(traced, name, choices.precision(), choices.threads())
                    : chosen.inference(
                            traced, new Engine.Settings(name, device, choices.precision(), choices.threads()));
        });
        if (!traced.ignored().isEmpty()) {
            log.info(
                    "{}: {} does not use {} stored tensors: {}",
                    snapshot.id(),
                    architecture.className(head),
                    traced.ignored().size(),
                    shortened(traced.ignored()));
        }
        Serving serving = new Serving(snapshot.id(), Optional.ofNullable(choices.batching()), choices.predictions());
        return new Loading(
                new PretrainedModel(snapshot, config, architecture, head, network, traced.ignored(), serving), network);
    }

    private TracedModel.Request request(Architecture architecture, ModelConfig config, Head head, Snapshot snapshot) {
        Checkpoint checkpoint = Checkpoint.open(snapshot.root());
        Choices.Adapter adapter = choices.adapter();
        if (adapter == null) {
            return TracedModel.of(architecture, config, head, checkpoint, snapshot.id());
        }
        Snapshot folder = Hubs.fetch(adapter.id(), choices.fetch());
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
}
