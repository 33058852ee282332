package dev.tailor.program;

import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

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

    /** Arguments of timm's networks that every variant understands, or that matter to training alone. */
    private static final Set<String> ARGUMENTS = Set.of(
            "num_classes", "in_chans", "img_size", "global_pool", "drop_rate", "drop_path_rate", "attn_drop_rate");

    private final String modelType;
    private final String className;
    private final Traceable network;
    // Set while a copy is made, never afterwards.
    private String prefix = "";
    private Set<Head> heads = EnumSet.of(Head.BASE);
    private List<String> aliases = List.of();
    private List<String> headKeys = List.of();
    private List<String> ignorable = List.of();
    private List<String> adapterTargets = List.of();
    private Map<String, String> variants = Map.of();
    private List<Traceable> stages = List.of();
    private Spelling spelling = new Spelling("", name -> name);

    private record Spelling(String mark, UnaryOperator<String> own) {}

    private interface Traceable {
        Map<String, Value> build(Scope scope, ModelConfig config, Head head);
    }

    private Architecture(String modelType, String className, Traceable network) {
        this.modelType = modelType;
        this.className = className;
        this.network = network;
    }

    private Architecture with(Consumer<Architecture> change) {
        Architecture copy = new Architecture(modelType, className, network);
        copy.prefix = prefix;
        copy.heads = heads;
        copy.aliases = aliases;
        copy.headKeys = headKeys;
        copy.ignorable = ignorable;
        copy.adapterTargets = adapterTargets;
        copy.variants = variants;
        copy.stages = stages;
        copy.spelling = spelling;
        change.accept(copy);
        return copy;
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
                modelType, className, (scope, json, head) -> network.build(scope, config.apply(json), head));
    }

    /**
     * Adds a function over the same weights with inputs of its own: what follows a choice that no program can make, such as which
     * regions of a picture are looked at again.
     *
     * @param stage traces it; no outputs where a head has no use for it
     */
    public <C> Architecture stage(Function<ModelConfig, C> config, Network<C> stage) {
        List<Traceable> all = new ArrayList<>(stages);
        all.add((scope, json, head) -> stage.build(scope, config.apply(json), head));
        return with(a -> a.stages = List.copyOf(all));
    }

    /** The path under which a network with a head keeps the backbone, such as {@code bert}. */
    public Architecture prefix(String path) {
        return with(a -> a.prefix = path);
    }

    /** The heads that the network can trace, beside the bare backbone. */
    public Architecture heads(Head... more) {
        return with(a -> a.heads = Set.copyOf(EnumSet.of(Head.BASE, more)));
    }

    /** Other {@code model_type}s that are this network under another name. */
    public Architecture aliases(String... names) {
        return with(a -> a.aliases = List.of(names));
    }

    /** Paths of what belongs to a head: fine-tuning may give these weights new values where a checkpoint has none. */
    public Architecture headKeys(String... paths) {
        return with(a -> a.headKeys = List.of(paths));
    }

    /** Paths that checkpoints of this family may hold beyond what a head uses. */
    public Architecture ignorable(String... paths) {
        return with(a -> a.ignorable = List.of(paths));
    }

    /** Names of the modules that an adapter changes unless told otherwise; none for all layers of the backbone. */
    public Architecture adapterTargets(String... names) {
        return with(a -> a.adapterTargets = List.of(names));
    }

    /**
     * Networks that another library knows by name alone, one a line: the name, a blank, and the keys that a config of this
     * family would hold for it, as JSON; {@code like} names another line whose keys hold too. A config of {@code model_type}
     * {@code library/name} gets those keys where it has none of its own.
     *
     * @param library what stands before the slash, such as {@code torchvision}
     */
    public Architecture variants(String library, String table) {
        Map<String, String> all = new LinkedHashMap<>(variants);
        table.lines().map(String::strip).filter(l -> !l.isEmpty()).forEach(line -> {
            int blank = line.indexOf(' ');
            if (blank < 0 || all.put(library + "/" + line.substring(0, blank), line.substring(blank + 1)) != null) {
                throw new IllegalArgumentException("\"" + line + "\" is no new name with its keys");
            }
        });
        return with(a -> a.variants = Collections.unmodifiableMap(all));
    }

    /**
     * How another library names this network's weights. Keras' leaf names and layouts are PyTorch's before: {@code
     * conv1/kernel:0} is {@code conv1.weight}.
     *
     * @param mark a name by which a checkpoint of PyTorch's is known to be one of those; a Keras file always is
     * @param own gives this family's name for another's
     */
    public Architecture spelling(String mark, UnaryOperator<String> own) {
        return with(a -> a.spelling = new Spelling(mark, own));
    }

    /** A checkpoint under this family's names. */
    Checkpoint own(Checkpoint checkpoint) {
        return ForeignNames.of(checkpoint, spelling.mark(), spelling.own());
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

    /** The names under which other libraries know networks of this family, such as {@code torchvision/resnet18}. */
    public Set<String> variants() {
        return variants.keySet();
    }

    /** Whether a {@code model_type} means this family or one of its variants. */
    public boolean answersTo(String type) {
        return modelType.equals(type) || aliases.contains(type) || variants.containsKey(type);
    }

    /**
     * The head that a model of this config was saved with. A config that names none is of a bare network, but for the libraries
     * that know whole networks by name: theirs have a head unless {@code num_classes} is 0.
     */
    public Head head(ModelConfig config) {
        boolean named = config.modelType().contains("/") && config.integer("num_classes", 1) > 0;
        Head usual =
                named ? heads.stream().filter(h -> h != Head.BASE).findFirst().orElse(Head.BASE) : Head.BASE;
        return config.head().orElse(usual);
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

    int stages() {
        return stages.size();
    }

    Map<String, Value> build(Scope scope, ModelConfig config, Head head, int stage) {
        return stages.get(stage).build(scope, complete(config), head);
    }

    Map<String, Value> build(Scope scope, ModelConfig config, Head head) {
        return network.build(scope, complete(config), head);
    }

    /**
     * A config with the keys of the variant that it names, where it has none of its own; others as they are.
     *
     * @throws TailorException if it gives the variant arguments that it does not take
     */
    public ModelConfig complete(ModelConfig config) {
        String type = config.modelType();
        if (!variants.containsKey(type)) {
            return config;
        }
        ModelConfig variant = variant(type);
        ModelConfig arguments = config.object("model_args");
        List<String> unknown = arguments.keys().stream()
                .filter(key -> !ARGUMENTS.contains(key) && !variant.has(key))
                .toList();
        if (!unknown.isEmpty()) {
            throw new TailorException(config.source() + ": model_args sets " + unknown + ", which " + type
                    + " does not take here; it takes " + ARGUMENTS + " and " + variant.keys());
        }
        return config.over(arguments.over(variant));
    }

    /**
     * The config that a variant's name stands for.
     *
     * @param type one of {@link #variants()}
     * @throws IllegalArgumentException if there is no such variant
     */
    public ModelConfig variant(String type) {
        String keys = variants.get(type);
        if (keys == null) {
            throw new IllegalArgumentException(type + " is no variant of " + modelType);
        }
        // A variant's keys lie over those of the one it is like.
        ModelConfig own = ModelConfig.parse(keys, type);
        String library = type.substring(0, type.indexOf('/') + 1);
        return own.has("like") ? own.over(variant(library + own.text("like", ""))) : own;
    }

    @Override
    public String toString() {
        return modelType;
    }
}
