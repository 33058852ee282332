package dev.tailor.program;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A model family: how {@code config.json} becomes a network. Immutable; the withers return copies.
 *
 * <p>A family is one file in the zoo that holds a config record, the network, and one constant of this type.
 */
public final class Architecture {

    /**
     * Walks a scope and returns the named outputs.
     *
     * @param <C> the family's config record
     */
    @FunctionalInterface
    public interface Network<C> {
        /** Traces the network with the given head; must depend on nothing but its arguments. */
        Map<String, Value> build(Scope scope, C config, Head head);
    }

    private final String modelType;
    private final String className;
    private final String prefix;
    private final Set<Head> heads;
    private final List<String> aliases;
    private final List<String> headKeys;
    private final List<String> ignorable;
    private final List<String> adapterTargets;
    private final Traceable network;

    private interface Traceable {
        Map<String, Value> build(Scope scope, ModelConfig config, Head head);
    }

    private Architecture(
            String modelType,
            String className,
            String prefix,
            Set<Head> heads,
            List<String> aliases,
            List<String> headKeys,
            List<String> ignorable,
            List<String> adapterTargets,
            Traceable network) {
        this.modelType = modelType;
        this.className = className;
        this.prefix = prefix;
        this.heads = Set.copyOf(heads);
        this.aliases = List.copyOf(aliases);
        this.headKeys = List.copyOf(headKeys);
        this.ignorable = List.copyOf(ignorable);
        this.adapterTargets = List.copyOf(adapterTargets);
        this.network = network;
    }

    /**
     * A family with no head but the backbone.
     *
     * @param modelType the {@code model_type} of its configs
     * @param className the beginning of the reference library's class names, such as {@code Bert}
     * @param config reads the family's record from a config
     * @param network traces it
     */
    public static <C> Architecture of(
            String modelType, String className, Function<ModelConfig, C> config, Network<C> network) {
        return new Architecture(
                modelType,
                className,
                "",
                EnumSet.of(Head.BASE),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                (scope, json, head) -> network.build(scope, config.apply(json), head));
    }

    /** The path under which a network with a head keeps the backbone, such as {@code bert}. */
    public Architecture prefix(String path) {
        return new Architecture(
                modelType, className, path, heads, aliases, headKeys, ignorable, adapterTargets, network);
    }

    /** The heads that the network can trace, beside the bare backbone. */
    public Architecture heads(Head... more) {
        Set<Head> all = EnumSet.of(Head.BASE, more);
        return new Architecture(
                modelType, className, prefix, all, aliases, headKeys, ignorable, adapterTargets, network);
    }

    /** Other {@code model_type}s that are this network under another name. */
    public Architecture aliases(String... names) {
        return new Architecture(
                modelType, className, prefix, heads, List.of(names), headKeys, ignorable, adapterTargets, network);
    }

    /** Paths of what belongs to a head: fine-tuning may give these weights new values where a checkpoint has none. */
    public Architecture headKeys(String... paths) {
        return new Architecture(
                modelType, className, prefix, heads, aliases, List.of(paths), ignorable, adapterTargets, network);
    }

    /** Paths that checkpoints of this family may hold beyond what a head uses. */
    public Architecture ignorable(String... paths) {
        return new Architecture(
                modelType, className, prefix, heads, aliases, headKeys, List.of(paths), adapterTargets, network);
    }

    /** Names of the modules that an adapter changes unless told otherwise; none for all layers of the backbone. */
    public Architecture adapterTargets(String... names) {
        return new Architecture(
                modelType, className, prefix, heads, aliases, headKeys, ignorable, List.of(names), network);
    }

    /** The {@code model_type}. */
    public String modelType() {
        return modelType;
    }

    /** All {@code model_type}s that this family answers to. */
    public List<String> modelTypes() {
        List<String> all = new ArrayList<>(List.of(modelType));
        all.addAll(aliases);
        return all;
    }

    /** The reference library's class for a head, such as {@code BertForSequenceClassification}. */
    public String className(Head head) {
        return className + head.suffix();
    }

    /** The heads that the network can trace. */
    public Set<Head> heads() {
        return heads;
    }

    /** See {@link #prefix(String)}. */
    public String prefix() {
        return prefix;
    }

    /** See {@link #headKeys(String...)}. */
    public List<String> headKeys() {
        return headKeys;
    }

    /** The paths of {@link #headKeys()} outside the backbone: what a new task needs anew, whatever a checkpoint holds. */
    public List<String> outerHeadKeys() {
        return headKeys.stream()
                .filter(path -> prefix.isEmpty() || !path.startsWith(prefix + "."))
                .toList();
    }

    /** See {@link #adapterTargets(String...)}. */
    public List<String> adapterTargets() {
        return adapterTargets;
    }

    List<String> ignorable() {
        return ignorable;
    }

    Map<String, Value> build(Scope scope, ModelConfig config, Head head) {
        return network.build(scope, config, head);
    }

    @Override
    public String toString() {
        return modelType;
    }
}
