package dev.tailor.program;

import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A network traced over a checkpoint: everything an engine needs.
 *
 * @param program the functions; one for each set of optional inputs, the one with all inputs first
 * @param weights where the program's weights come from
 * @param ignored stored tensors of another head or of old writers that the network does not use
 */
public record TracedModel(Program program, Weights weights, List<String> ignored) {

    /** The name of the output that {@link Request#withFeatures} adds. */
    public static final String FEATURES = "features";

    /** The outputs that {@link Request#withHiddenStates} adds have this name, a dot and a number from 0 on. */
    public static final String HIDDEN_STATES = "hidden_states";

    /** What to trace. */
    public static final class Request {
        private final Architecture architecture;
        private final ModelConfig config;
        private final Head head;
        private final Checkpoint checkpoint;
        private final String model;
        private Predicate<String> fresh = key -> false;
        private boolean newHeads;
        private boolean features;
        private boolean hiddenStates;
        private long seed;
        private @Nullable Lora lora;
        private boolean newAdapter;

        private Request(Architecture architecture, ModelConfig config, Head head, Checkpoint checkpoint, String model) {
            this.architecture = architecture;
            this.config = config;
            this.head = head;
            this.checkpoint = architecture.own(checkpoint);
            this.model = model;
        }

        /** Gives new values to the keys under these paths, whatever the checkpoint holds. */
        public Request renew(List<String> paths) {
            fresh = key -> paths.stream().anyMatch(p -> key.equals(p) || key.startsWith(p + "."));
            return this;
        }

        /** Gives new values to every weight: training from scratch. */
        public Request renewAll() {
            fresh = key -> true;
            return this;
        }

        /** Gives new values to weights of the head that the checkpoint lacks, instead of refusing it. */
        public Request allowNewHeads() {
            newHeads = true;
            return this;
        }

        /** Adds the value marked by {@link Scope#features} to every function's outputs, as {@link #FEATURES}. */
        public Request withFeatures() {
            features = true;
            return this;
        }

        /**
         * Adds the values marked by {@link Scope#hiddenState} to every function's outputs, as {@code hidden_states.0},
         * {@code hidden_states.1} and so on.
         */
        public Request withHiddenStates() {
            hiddenStates = true;
            return this;
        }

        /**
         * Adds an adapter whose matrices the checkpoint holds: its change becomes part of the weights, at no cost later.
         */
        public Request merged(Adapter adapter) {
            lora = new Lora(adapter, true);
            return this;
        }

        /** Adds an adapter beside the weights; matrices that the checkpoint lacks are new. */
        public Request beside(Adapter adapter) {
            lora = new Lora(adapter, false);
            newAdapter = true;
            return this;
        }

        /** Adds an adapter whose matrices the checkpoint holds beside the weights, which stay what other networks have. */
        public Request attached(Adapter adapter) {
            lora = new Lora(adapter, false);
            newAdapter = false;
            return this;
        }

        /** Seeds the new values. */
        public Request seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Traces.
         *
         * @throws WeightMismatchException if the checkpoint does not fit the config, with everything that is wrong
         * @throws TailorException if the config's numbers contradict each other
         */
        public TracedModel trace() {
            WeightTable table = new WeightTable(checkpoint, architecture, fresh);
            if (newHeads) {
                table.allowNewHeads();
            }
            if (newAdapter) {
                table.allowNewAdapter();
            }
            List<Program.Function> functions = new ArrayList<>();
            Tracer first = new Tracer(table, Set.of(), lora);
            functions.add(function(first));
            List<String> optional = List.copyOf(first.optionalInputs());
            for (int bits = 1; bits < 1 << optional.size(); bits++) {
                Set<String> withheld = new TreeSet<>();
                for (int i = 0; i < optional.size(); i++) {
                    if ((bits >> i & 1) == 1) {
                        withheld.add(optional.get(i));
                    }
                }
                functions.add(function(new Tracer(table, withheld, lora)));
            }
            for (int i = 0; i < architecture.stages(); i++) {
                stage(new Tracer(table, Set.of(), lora), i).ifPresent(functions::add);
            }
            boolean otherHead = newHeads || !head.equals(savedHead());
            List<String> ignored = table.check(otherHead, model);
            Map<String, WeightSpec> used = new LinkedHashMap<>();
            functions.forEach(f -> f.weightKeys().forEach(k -> used.put(k, weight(table, k))));
            return new TracedModel(new Program(used, functions), new Weights(checkpoint, seed), ignored);
        }

        private @Nullable Head savedHead() {
            return config.modelType().contains("/")
                    ? architecture.head(config)
                    : config.head().orElse(null);
        }

        private static WeightSpec weight(WeightTable table, String key) {
            WeightSpec spec = table.specs().get(key);
            if (spec == null) {
                throw new IllegalStateException("the program uses " + key + ", which was never declared");
            }
            return spec;
        }

        private Optional<Program.Function> stage(Tracer tracer, int number) {
            Map<String, Value> outputs = build(tracer, root -> architecture.build(root, config, head, number));
            return outputs.isEmpty() ? Optional.empty() : Optional.of(function(tracer, outputs));
        }

        private Program.Function function(Tracer tracer) {
            Map<String, Value> outputs =
                    new LinkedHashMap<>(build(tracer, root -> architecture.build(root, config, head)));
            @Nullable Value marked = tracer.features();
            if (features) {
                if (marked == null) {
                    throw new TailorException(model + ": " + architecture.className(head)
                            + " has no features that stand for a whole input");
                }
                outputs.put(FEATURES, marked);
            }
            if (hiddenStates) {
                addHiddenStates(tracer, outputs);
            }
            return function(tracer, outputs);
        }

        private static Program.Function function(Tracer tracer, Map<String, Value> outputs) {
            List<String> names = tracer.inputs().stream()
                    .map(v -> ((Op.Input) v.op()).name())
                    .toList();
            return new Program.Function(
                    "forward_" + String.join("_", names), tracer.inputs(), outputs, tracer.limits());
        }

        private void addHiddenStates(Tracer tracer, Map<String, Value> outputs) {
            if (tracer.hiddenStates().isEmpty()) {
                throw new TailorException(
                        model + ": " + architecture.className(head) + " does not tell its intermediate states");
            }
            for (int i = 0; i < tracer.hiddenStates().size(); i++) {
                outputs.put(HIDDEN_STATES + "." + i, tracer.hiddenStates().get(i));
            }
        }

        private Map<String, Value> build(Tracer tracer, Function<Scope, Map<String, Value>> network) {
            try {
                return network.apply(new Scope(tracer, "", new Init.Normal(0.02)));
            } catch (IllegalArgumentException | ArithmeticException e) {
                // Shapes that do not fit come from numbers of the config that do not fit each other.
                throw new TailorException(
                        model + ": " + config.source() + " describes no " + architecture.className(head) + ": "
                                + e.getMessage(),
                        e);
            }
        }
    }

    /**
     * Prepares a trace.
     *
     * @param model how messages name the model
     */
    public static Request of(
            Architecture architecture, ModelConfig config, Head head, Checkpoint checkpoint, String model) {
        return new Request(architecture, config, head, checkpoint, model);
    }

    /**
     * The same network with further functions that also take targets and give {@link Objective#LOSS}.
     *
     * @throws TailorException if the network has not the outputs that the objective reads
     */
    public TracedModel withObjective(Objective objective) {
        List<Program.Function> functions = new ArrayList<>(program.functions());
        try {
            program.functions().forEach(f -> functions.add(Rewriter.withLoss(f, objective)));
        } catch (IllegalArgumentException e) {
            throw new TailorException("This network cannot be trained so: " + e.getMessage(), e);
        }
        return new TracedModel(new Program(program.weights(), functions), weights, ignored);
    }

    /** Whether the network marks features for this head. */
    public boolean hasFeatures() {
        return program.main().outputs().containsKey(FEATURES);
    }
}
