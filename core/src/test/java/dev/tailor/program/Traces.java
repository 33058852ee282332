package dev.tailor.program;

import dev.tailor.checkpoint.Checkpoint;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Traces of small networks made by hand, without a checkpoint. */
final class Traces {
    private Traces() {}

    static Architecture architecture(Function<Scope, Map<String, Value>> network) {
        return Architecture.of("tiny", "Tiny", config -> config, (scope, config, head) -> network.apply(scope));
    }

    static TracedModel trace(Function<Scope, Map<String, Value>> network) {
        ModelConfig config = ModelConfig.parse("{}", "the config");
        return TracedModel.of(architecture(network), config, Head.BASE, Checkpoint.empty(), "the model")
                .renewAll()
                .trace();
    }

    /** A scope outside of any model, for values alone. */
    static Scope scope() {
        WeightTable table = new WeightTable(Checkpoint.empty(), architecture(scope -> Map.of()), key -> true);
        return new Scope(new Tracer(table, Set.of(), null), "", new Init.Normal(0.02));
    }
}
