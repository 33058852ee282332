package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.ResidualStages;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * ResNet v1.5 (He et al. 2015, arXiv 1512.03385; the stride sits in the 3 x 3 convolution), after transformers' {@code
 * modeling_resnet.py}.
 */
public final class ResNet {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("resnet", "ResNet", Config::new, ResNet::build)
            .prefix("resnet")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier");

    private static final ResidualStages.Names NAMES = new ResidualStages.Names(
            "encoder.stages.%d.layers.%d",
            0, "layer.%d.convolution", "layer.%d.normalization", 0, "shortcut.convolution", "shortcut.normalization");
    /** The reference hands {@code hidden_act} to the stem and to the sums, but never to a block's inner convolutions. */
    private static final String INNER = "relu";

    /** A bottleneck's middle is this many times narrower. */
    private static final long REDUCTION = 4;

    private ResNet() {}

    /** The keys of {@code config.json}. */
    record Config(
            long numChannels,
            long embeddingSize,
            List<Long> hiddenSizes,
            List<Long> depths,
            boolean bottleneck,
            String hiddenAct,
            boolean downsampleInFirstStage,
            boolean downsampleInBottleneck,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("num_channels", 3),
                    json.width("embedding_size", 64),
                    json.integers("hidden_sizes", List.of(256L, 512L, 1024L, 2048L)),
                    json.integers("depths", List.of(3L, 4L, 6L, 3L)),
                    json.text("layer_type", "bottleneck").equals("bottleneck"),
                    json.text("hidden_act", "relu"),
                    json.flag("downsample_in_first_stage", false),
                    json.flag("downsample_in_bottleneck", false),
                    json.labelCount());
            hiddenSizes.forEach(size -> json.check("hidden_sizes", size, Integer.MAX_VALUE));
            depths.forEach(depth -> json.check("depths", depth, 1000));
            String type = json.text("layer_type", "bottleneck");
            if ((!bottleneck && !type.equals("basic"))
                    || hiddenSizes.isEmpty()
                    || hiddenSizes.size() != depths.size()) {
                throw new TailorException(json.source() + ": layer_type must be \"basic\" or \"bottleneck\" and"
                        + " hidden_sizes as long as depths and not empty; found \"" + type + "\", " + hiddenSizes
                        + " and " + depths);
            }
        }

        ResidualStages stages() {
            List<Long> middles = hiddenSizes.stream()
                    .map(size -> bottleneck ? size / REDUCTION : size)
                    .toList();
            List<Long> strides = IntStream.range(0, depths.size())
                    .mapToObj(i -> i == 0 && !downsampleInFirstStage ? 1L : 2L)
                    .toList();
            List<Long> dilations = Collections.nCopies(depths.size(), 1L);
            return new ResidualStages(
                    NAMES,
                    bottleneck,
                    depths,
                    hiddenSizes,
                    middles,
                    1,
                    strides,
                    dilations,
                    downsampleInBottleneck,
                    false,
                    false,
                    INNER,
                    hiddenAct,
                    0);
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Scope resnet = head == Head.BASE ? scope : scope.sub("resnet");
        List<Value> maps = backbone(resnet, c, ImageHead.pixels(scope, c.numChannels()));
        maps.forEach(scope::hiddenState);
        Value x = maps.get(maps.size() - 1);
        return ImageHead.outputs(scope, head, x, "classifier.1", c.labels());
    }

    /** The stem's map and each stage's. */
    static List<Value> backbone(Scope scope, Config c, Value pixels) {
        Value stem = ConvNorm.TORCH.apply(
                scope.sub("embedder.embedder"),
                "convolution",
                "normalization",
                pixels,
                c.embeddingSize(),
                Window.of(7).by(2),
                c.hiddenAct());
        List<Value> maps = new ArrayList<>(List.of(stem.maxPool2d(3, 2, 1)));
        maps.addAll(c.stages().apply(scope, maps.get(0)));
        return maps;
    }
}
