package dev.tailor.zoo;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tailor.Precision;
import dev.tailor.Registry;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.engine.Engine;
import dev.tailor.engine.Network;
import dev.tailor.engine.Optimizer;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.Losses;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Size;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import dev.tailor.program.WeightSpec;
import dev.tailor.zoo.testing.ModelCopy;
import dev.tailor.zoo.testing.TinyNetworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every model family must keep, with every head it has: traced from scratch on a tiny config, run and trained. */
class ArchitecturesTest {
    private static final List<Architecture> ALL = new Architectures().architectures();
    private static final int BATCH = 4;
    /** The networks of one size only that are larger than this train as well, but take long. */
    private static final long MOST_TRAINED = 2_000_000;

    /** A tiny config of each family. */
    private static final Map<String, String> CONFIGS = Map.ofEntries(
            entry("bert", "own/bert-gelu-new"),
            entry("roberta", "own/roberta-two-segments"),
            entry("distilbert", "hf/distilbert-fortokenclassification"),
            entry("electra", "hf/electra-fortokenclassification"),
            entry("albert", "own/albert-groups"),
            entry("mpnet", "hf/mpnet-forsequenceclassification"),
            entry("modernbert", "hf/modernbert-forsequenceclassification"),
            entry("deberta-v2", "hf/debertav2-forsequenceclassification"),
            entry("bart", "hf/bart-mnli"),
            entry("vit", "own/vit-no-qkv-bias"),
            entry("resnet", "own/resnet-basic-same-width"),
            entry("mobilenet_v1", "own/mobilenet-v1-tensorflow-padding"),
            entry("deit", "hf/deit"),
            entry("beit", "hf/beit"),
            entry("dinov2", "hf/dinov2"),
            entry("swin", "hf/swin"),
            entry("convnext", "hf/convnext"),
            entry("convnextv2", "hf/convnextv2"),
            entry("mobilenet_v2", "hf/mobilenet-v2"),
            entry("efficientnet", "hf/efficientnet"),
            entry("regnet", "hf/regnet"),
            entry("mobilevit", "own/mobilevit-segmentation"),
            entry("segformer", "hf/segformer-seg"),
            entry("yolos", "hf/yolos"),
            entry("detr", "hf/detr"));

    record Variant(Architecture architecture, Head head) {
        TracedModel trace() {
            return TracedModel.of(architecture, config(), head, Checkpoint.empty(), toString())
                    .renewAll()
                    .seed(3)
                    .trace();
        }

        ModelConfig config() {
            Optional<String> named = TinyNetworks.config(architecture.modelType());
            if (named.isPresent()) {
                return ModelConfig.parse(named.get(), "a tiny config");
            }
            String folder = CONFIGS.get(architecture.modelType());
            assertThat(folder).as("a tiny config of " + architecture).isNotNull();
            return ModelConfig.read(ModelCopy.recorded(folder).resolve("config.json"));
        }

        @Override
        public String toString() {
            return architecture.className(head);
        }
    }

    static Stream<Variant> variants() {
        return ALL.stream().flatMap(a -> a.heads().stream().sorted().map(h -> new Variant(a, h)));
    }

    static Stream<Variant> classifiers() {
        return variants()
                .filter(v -> v.head() == Head.SEQUENCE_CLASSIFICATION || v.head() == Head.IMAGE_CLASSIFICATION)
                // Its logits are rectified and do not survive training from scratch on four pictures of noise.
                .filter(v -> !v.architecture().modelType().equals("torchvision/squeezenet"))
                .filter(v -> v.trace().program().weights().values().stream()
                                .mapToLong(WeightSpec::elements)
                                .sum()
                        < MOST_TRAINED);
    }

    @Test
    void no_model_type_is_claimed_twice() {
        List<String> types = ALL.stream().flatMap(a -> a.modelTypes().stream()).toList();
        assertThat(types).doesNotHaveDuplicates().allMatch(t -> t.matches("([a-z]+/)?[a-z0-9_.-]+"));
        assertThat(ALL.stream().map(a -> a.className(Head.BASE))).doesNotHaveDuplicates();
    }

    @Test
    void every_family_is_found_by_its_model_types() {
        for (Architecture architecture : ALL) {
            assertThat(architecture.heads()).contains(Head.BASE).hasSizeGreaterThan(1);
            for (String type : architecture.modelTypes()) {
                ModelConfig config = ModelConfig.parse("{\"model_type\": \"" + type + "\"}", "a test");
                assertThat(Registry.architecture(config).modelType()).isEqualTo(architecture.modelType());
            }
        }
    }

    @Test
    void every_family_is_registered_and_says_where_it_comes_from() throws IOException {
        int found = 0;
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/tailor/zoo"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String source = Files.readString(file);
                if (source.contains("Architecture.of(")) {
                    found++;
                    String javadoc = source.substring(0, source.indexOf("public final class"));
                    assertThat(javadoc)
                            .as(file.toString())
                            .contains("arXiv")
                            .containsAnyOf("modeling_", "torchvision's", "timm's", "github.com/");
                }
            }
        }
        assertThat(found).as("registered families").isEqualTo(ALL.size());
    }

    @ParameterizedTest
    @MethodSource("variants")
    void keys_lie_below_the_prefix_or_belong_to_the_head(Variant variant) {
        Architecture architecture = variant.architecture();
        Set<String> keys = variant.trace().program().weights().keySet();
        Set<String> bare = new HashSet<>();
        for (String key : keys) {
            boolean head = architecture.headKeys().stream().anyMatch(p -> key.equals(p) || key.startsWith(p + "."));
            boolean flat = architecture.prefix().isEmpty();
            boolean below = !flat && key.startsWith(architecture.prefix() + ".");
            if (variant.head() == Head.BASE) {
                assertThat(below).as(key).isFalse();
            } else if (variant.head() != Head.MASKED_LM && variant.head() != Head.CONDITIONAL_GENERATION && !flat) {
                assertThat(head || below).as(key).isTrue();
            }
            bare.add(below ? key.substring(architecture.prefix().length() + 1) : key);
        }
        if (variant.head() != Head.BASE) {
            Set<String> backbone = new Variant(architecture, Head.BASE)
                    .trace()
                    .program()
                    .weights()
                    .keySet();
            Set<String> lost = new HashSet<>(backbone);
            lost.removeAll(bare);
            // A pooler stands where a head reads it, and a segmentation reads the map before the last convolution.
            boolean map = variant.head() == Head.SEMANTIC_SEGMENTATION;
            assertThat(lost).allMatch(k -> k.startsWith("pooler.") || (map && k.startsWith("conv_1x1")));
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void the_trace_is_the_same_every_time_and_new_weights_come_from_the_seed(Variant variant) {
        TracedModel first = variant.trace();
        TracedModel second = variant.trace();
        assertThat(first.program().weights()).isEqualTo(second.program().weights());
        for (WeightSpec spec : first.program().weights().values()) {
            float[] values = first.weights().floats(spec);
            assertThat(values).isEqualTo(second.weights().floats(spec));
            if (spec.shape().size() > 1
                    && spec.role() == WeightSpec.Role.PARAMETER
                    && !(spec.init() instanceof Init.Constant)) {
                assertThat(Arrays.hashCode(values)).isNotEqualTo(Arrays.hashCode(new float[values.length]));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void inference_and_evaluation_while_training_agree(Variant variant) {
        TracedModel model = variant.trace();
        Engine engine = Registry.engine("");
        boolean trains = model.program().main().outputs().containsKey("logits");
        try (Network network = engine.inference(model, settings(variant));
                NDManager manager = network.newManager()) {
            Map<String, NDArray> inputs = inputs(variant, model, manager);
            Map<String, NDArray> outputs = network.forward(inputs);
            assertThat(outputs.keySet())
                    .containsExactlyElementsOf(model.program().main().outputs().keySet());
            outputs.values().forEach(o -> {
                assertThat(o.getShape().get(0)).isEqualTo(BATCH);
                assertThat(o.isNaN().any().getBoolean()).isFalse();
            });
            if (trains) {
                try (TrainableNetwork training =
                        engine.training(model.withObjective(Losses.crossEntropy()), training(variant))) {
                    assertThat(training.evaluate(inputs).get("logits").toFloatArray())
                            .containsExactly(outputs.get("logits").toFloatArray(), within(1e-4f));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("classifiers")
    void training_from_scratch_moves_every_parameter_and_lowers_the_loss(Variant variant) {
        TracedModel model = variant.trace().withObjective(Losses.crossEntropy());
        try (TrainableNetwork network = Registry.engine("").training(model, training(variant));
                NDManager manager = network.newManager()) {
            Map<String, NDArray> inputs = new HashMap<>(inputs(variant, model, manager));
            inputs.put("labels", manager.create(new long[] {0, 1, 0, 1}));
            Map<String, float[]> before = network.weights();
            int count = network.trainable().size();
            double[] rates = new double[count];
            Arrays.fill(rates, 3e-3);
            double first = 0;
            double last = 0;
            for (int step = 0; step < 40; step++) {
                last = network.accumulate(inputs, 1, step);
                first = step == 0 ? last : first;
                double norm = network.update(new TrainableNetwork.Update(rates, new double[count], 1e9));
                assertThat(norm).isPositive().isFinite();
            }
            assertThat(first).isCloseTo(Math.log(variant.config().labelCount()), within(0.8));
            assertThat(last).isLessThan(0.8 * first);
            Map<String, float[]> after = network.weights();
            before.forEach((key, values) -> {
                boolean fixed = model.program().weight(key).init() instanceof Init.Given;
                assertThat(Arrays.equals(values, Objects.requireNonNull(after.get(key))))
                        .as(key)
                        .isEqualTo(fixed);
            });
        }
    }

    static Engine.Settings settings(Variant variant) {
        return new Engine.Settings(variant.toString(), Device.cpu(), Precision.FLOAT32, 1);
    }

    private static Engine.TrainingSettings training(Variant variant) {
        return new Engine.TrainingSettings(settings(variant), key -> true, Optimizer.adamW());
    }

    /** Arrays for all inputs: pictures of noise, or ids with full masks and alternating segments. */
    private static Map<String, NDArray> inputs(Variant variant, TracedModel model, NDManager manager) {
        return inputs(variant, model.program().main(), manager, 0);
    }

    /** Arrays for a function, whose open sides are larger by a number. */
    static Map<String, NDArray> inputs(Variant variant, Program.Function function, NDManager manager, int larger) {
        Random random = new Random(11);
        Map<String, NDArray> inputs = new LinkedHashMap<>();
        for (Value input : function.inputs()) {
            String name = ((Op.Input) input.op()).name();
            long[] shape = input.shape().stream()
                    .mapToLong(size -> length(variant, size, larger))
                    .toArray();
            int count = (int) new Shape(shape).size();
            if (input.kind() == Kind.FLOAT) {
                float[] noise = new float[count];
                for (int i = 0; i < count; i++) {
                    noise[i] = (float) random.nextGaussian();
                }
                inputs.put(name, manager.create(noise, new Shape(shape)));
            } else {
                long[] ids = new long[count];
                for (int i = 0; i < count; i++) {
                    ids[i] = name.endsWith("_mask") ? 1 : name.equals("token_type_ids") ? i % 2 : random.nextInt(20);
                }
                inputs.put(name, manager.create(ids, new Shape(shape)));
            }
        }
        return inputs;
    }

    private static long length(Variant variant, Size size, int larger) {
        if (size instanceof Size.Axis axis) {
            int usual = axis.name().equals("batch")
                    ? BATCH
                    : axis.name().endsWith("length")
                            ? 6
                            : TinyNetworks.side(variant.architecture().modelType());
            return usual + larger;
        }
        return size.constant();
    }
}
