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
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ResNet, ResNeXt and wide ResNet as torchvision's {@code resnet.py} and timm's keep them (He et al. 2015, arXiv 1512.03385), with
 * timm's deep stems and pooled shortcuts, and the first version as Keras' {@code applications/resnet.py} has it: stride in a block's
 * first convolution, a bias in all of them.
 */
public final class TorchResNet {
    private static final String SHARED = """
            resnet18 {"block":"basic","layers":[2,2,2,2]}
            resnet34 {"block":"basic","layers":[3,4,6,3]}
            resnet50 {"block":"bottleneck","layers":[3,4,6,3]}
            resnet101 {"block":"bottleneck","layers":[3,4,23,3]}
            resnet152 {"block":"bottleneck","layers":[3,8,36,3]}
            wide_resnet50_2 {"block":"bottleneck","layers":[3,4,6,3],"base_width":128}
            wide_resnet101_2 {"block":"bottleneck","layers":[3,4,23,3],"base_width":128}
            resnext50_32x4d {"block":"bottleneck","layers":[3,4,6,3],"cardinality":32,"base_width":4}
            resnext101_32x8d {"block":"bottleneck","layers":[3,4,23,3],"cardinality":32,"base_width":8}
            resnext101_64x4d {"block":"bottleneck","layers":[3,4,23,3],"cardinality":64,"base_width":4}
            """;

    private static final String MORE = """
            resnet10t {"block":"basic","layers":[1,1,1,1],"stem_width":32,"stem_type":"deep_tiered","avg_down":true}
            resnet14t {"block":"bottleneck","layers":[1,1,1,1],"stem_width":32,"stem_type":"deep_tiered","avg_down":true}
            resnet18d {"block":"basic","layers":[2,2,2,2],"stem_width":32,"stem_type":"deep","avg_down":true}
            resnet34d {"block":"basic","layers":[3,4,6,3],"stem_width":32,"stem_type":"deep","avg_down":true}
            resnet26 {"block":"bottleneck","layers":[2,2,2,2]}
            resnet26t {"block":"bottleneck","layers":[2,2,2,2],"stem_width":32,"stem_type":"deep_tiered","avg_down":true}
            resnet26d {"block":"bottleneck","layers":[2,2,2,2],"stem_width":32,"stem_type":"deep","avg_down":true}
            resnet50c {"block":"bottleneck","layers":[3,4,6,3],"stem_width":32,"stem_type":"deep"}
            resnet50d {"block":"bottleneck","layers":[3,4,6,3],"stem_width":32,"stem_type":"deep","avg_down":true}
            resnet50s {"block":"bottleneck","layers":[3,4,6,3],"stem_width":64,"stem_type":"deep"}
            resnet50t {"block":"bottleneck","layers":[3,4,6,3],"stem_width":32,"stem_type":"deep_tiered","avg_down":true}
            resnet101c {"block":"bottleneck","layers":[3,4,23,3],"stem_width":32,"stem_type":"deep"}
            resnet101d {"block":"bottleneck","layers":[3,4,23,3],"stem_width":32,"stem_type":"deep","avg_down":true}
            resnet101s {"block":"bottleneck","layers":[3,4,23,3],"stem_width":64,"stem_type":"deep"}
            resnet152c {"block":"bottleneck","layers":[3,8,36,3],"stem_width":32,"stem_type":"deep"}
            resnet152d {"block":"bottleneck","layers":[3,8,36,3],"stem_width":32,"stem_type":"deep","avg_down":true}
            resnet152s {"block":"bottleneck","layers":[3,8,36,3],"stem_width":64,"stem_type":"deep"}
            resnet200 {"block":"bottleneck","layers":[3,24,36,3]}
            resnet200d {"block":"bottleneck","layers":[3,24,36,3],"stem_width":32,"stem_type":"deep","avg_down":true}
            resnext50d_32x4d {"block":"bottleneck","layers":[3,4,6,3],"cardinality":32,"base_width":4,"stem_width":32,"stem_type":"deep","avg_down":true}
            resnext101_32x4d {"block":"bottleneck","layers":[3,4,23,3],"cardinality":32,"base_width":4}
            resnext101_32x16d {"block":"bottleneck","layers":[3,4,23,3],"cardinality":32,"base_width":16}
            resnext101_32x32d {"block":"bottleneck","layers":[3,4,23,3],"cardinality":32,"base_width":32}
            seresnet18 {"block":"basic","layers":[2,2,2,2],"se":true}
            seresnet34 {"block":"basic","layers":[3,4,6,3],"se":true}
            seresnet50 {"block":"bottleneck","layers":[3,4,6,3],"se":true}
            seresnet50t {"block":"bottleneck","layers":[3,4,6,3],"stem_width":32,"stem_type":"deep_tiered","avg_down":true,"se":true}
            seresnet101 {"block":"bottleneck","layers":[3,4,23,3],"se":true}
            seresnet152 {"block":"bottleneck","layers":[3,8,36,3],"se":true}
            seresnet152d {"block":"bottleneck","layers":[3,8,36,3],"stem_width":32,"stem_type":"deep","avg_down":true,"se":true}
            seresnet200d {"block":"bottleneck","layers":[3,24,36,3],"stem_width":32,"stem_type":"deep","avg_down":true,"se":true}
            seresnet269d {"block":"bottleneck","layers":[3,30,48,8],"stem_width":32,"stem_type":"deep","avg_down":true,"se":true}
            seresnext26d_32x4d {"block":"bottleneck","layers":[2,2,2,2],"cardinality":32,"base_width":4,"stem_width":32,"stem_type":"deep","avg_down":true,"se":true}
            seresnext26t_32x4d {"block":"bottleneck","layers":[2,2,2,2],"cardinality":32,"base_width":4,"stem_width":32,"stem_type":"deep_tiered","avg_down":true,"se":true}
            seresnext50_32x4d {"block":"bottleneck","layers":[3,4,6,3],"cardinality":32,"base_width":4,"se":true}
            seresnext101_32x4d {"block":"bottleneck","layers":[3,4,23,3],"cardinality":32,"base_width":4,"se":true}
            seresnext101_32x8d {"block":"bottleneck","layers":[3,4,23,3],"cardinality":32,"base_width":8,"se":true}
            seresnext101d_32x8d {"block":"bottleneck","layers":[3,4,23,3],"cardinality":32,"base_width":8,"stem_width":32,"stem_type":"deep","avg_down":true,"se":true}
            seresnext101_64x4d {"block":"bottleneck","layers":[3,4,23,3],"cardinality":64,"base_width":4,"se":true}
            """;

    private static final String KERAS = """
            resnet50 {"block":"bottleneck","layers":[3,4,6,3],"stride_first":true,"conv_bias":true,"norm_eps":1.001e-5,"norm_momentum":0.01,"transforms":{"mode":"caffe","target_size":[224,224],"interpolation":"nearest"}}
            resnet101 {"like":"resnet50","layers":[3,4,23,3]}
            resnet152 {"like":"resnet50","layers":[3,8,36,3]}
            """;

    /** Keras' {@code conv2_block1_0_bn}, numbered from the stem on; its first files call the classifier {@code probs}. */
    private static final Pattern KERAS_BLOCK =
            Pattern.compile("conv([0-9]{1,3})_block([0-9]{1,4})_([0-9])_(conv|bn)\\.(.+)");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/resnet", "TorchResNet", Config::new, TorchResNet::build)
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("fc")
            .variants("torchvision", SHARED)
            .variants("timm", SHARED)
            .variants("timm", MORE)
            .variants("keras", KERAS)
            .spelling("", TorchResNet::own);

    private static final long STEM = 64;

    private TorchResNet() {}

    /** timm's arguments of the network. */
    record Config(
            long inChans,
            boolean bottleneck,
            List<Long> layers,
            List<Long> channels,
            long cardinality,
            long baseWidth,
            String stemType,
            long stemWidth,
            boolean avgDown,
            boolean squeeze,
            boolean strideFirst,
            ConvNorm layer,
            double dropout,
            double dropPathRate,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("in_chans", 3),
                    json.text("block", "bottleneck").equals("bottleneck"),
                    json.integers("layers", List.of(3L, 4L, 6L, 3L)),
                    json.integers("channels", List.of(64L, 128L, 256L, 512L)),
                    json.width("cardinality", 1),
                    json.width("base_width", 64),
                    json.text("stem_type", ""),
                    json.width("stem_width", 64),
                    json.flag("avg_down", false),
                    json.flag("se", false),
                    json.flag("stride_first", false),
                    new ConvNorm(
                            json.number("norm_eps", ConvNorm.TORCH.epsilon()),
                            json.number("norm_momentum", ConvNorm.TORCH.momentum()),
                            false,
                            json.flag("conv_bias", false)),
                    json.number("drop_rate", 0),
                    json.number("drop_path_rate", 0),
                    json.labelCount());
            layers.forEach(depth -> json.check("layers", depth, 1000));
            channels.forEach(width -> json.check("channels", width, Integer.MAX_VALUE));
            boolean known = List.of("", "deep", "deep_tiered").contains(stemType)
                    && List.of("basic", "bottleneck").contains(json.text("block", "bottleneck"));
            if (!known || layers.isEmpty() || layers.size() != channels.size()) {
                throw new TailorException(
                        json.source() + ": block must be \"basic\" or \"bottleneck\", stem_type empty,"
                                + " \"deep\" or \"deep_tiered\", and layers as long as channels and not empty; found \""
                                + json.text("block", "bottleneck") + "\", \"" + stemType + "\", " + channels + " and "
                                + layers);
            }
        }

        /** The stages; the last {@code dilated} of them dilate instead of striding. */
        ResidualStages stages(int dilated) {
            List<Long> middles = channels.stream()
                    .map(p -> bottleneck ? ((long) (p * (baseWidth / 64.0))) * cardinality : p)
                    .toList();
            List<Long> strides = new ArrayList<>();
            List<Long> dilations = new ArrayList<>();
            long dilation = 1;
            for (int i = 0; i < channels.size(); i++) {
                boolean dilates = i >= channels.size() - dilated;
                dilation *= dilates ? 2 : 1;
                strides.add(i == 0 || dilates ? 1L : 2L);
                dilations.add(dilation);
            }
            return new ResidualStages(
                    new ResidualStages.Names(
                            "layer%d.%d",
                            1,
                            "conv%d",
                            "bn%d",
                            1,
                            avgDown ? "downsample.1" : "downsample.0",
                            avgDown ? "downsample.2" : "downsample.1"),
                    bottleneck,
                    layers,
                    channels.stream().map(p -> bottleneck ? 4 * p : p).toList(),
                    middles,
                    cardinality,
                    strides,
                    dilations,
                    strideFirst,
                    avgDown,
                    squeeze,
                    "relu",
                    "relu",
                    dropPathRate);
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        List<Value> stages = backbone(scope, c, ImageHead.pixels(scope, c.inChans()), 0);
        stages.forEach(scope::hiddenState);
        Value x = stages.get(stages.size() - 1);
        return ImageHead.outputs(scope, head, x, ImageHead.pooled(x), "fc", c.labels(), c.dropout());
    }

    /** The output of each stage; the last {@code dilated} of them keep the size of the one before. */
    static List<Value> backbone(Scope scope, Config c, Value pixels, int dilated) {
        return backbone(scope, c, c.layer(), pixels, dilated);
    }

    /** The same with normalisations of another kind. */
    static List<Value> backbone(Scope scope, Config c, ConvNorm layer, Value pixels, int dilated) {
        return c.stages(dilated)
                .apply(scope, layer, stem(scope, c, layer, pixels).maxPool2d(3, 2, 1));
    }

    private static Value stem(Scope scope, Config c, ConvNorm layer, Value pixels) {
        if (c.stemType().isEmpty()) {
            return layer.apply(scope, "conv1", "bn1", pixels, STEM, Window.of(7).by(2), "relu");
        }
        long first = c.stemType().equals("deep_tiered") ? 3 * (c.stemWidth() / 4) : c.stemWidth();
        Window three = Window.of(3);
        Value x = layer.apply(scope, "conv1.0", "conv1.1", pixels, first, three.by(2), "relu");
        x = layer.apply(scope, "conv1.3", "conv1.4", x, c.stemWidth(), three, "relu");
        return layer.apply(scope, "conv1.6", "bn1", x, 2 * c.stemWidth(), three, "relu");
    }

    /** torchvision's name for one of Keras'. */
    private static String own(String name) {
        Matcher block = KERAS_BLOCK.matcher(name);
        if (block.matches()) {
            boolean norm = block.group(4).equals("bn");
            int part = Integer.parseInt(block.group(3));
            String path = part == 0 ? norm ? "downsample.1" : "downsample.0" : (norm ? "bn" : "conv") + part;
            int stage = Integer.parseInt(block.group(1)) - 1;
            return "layer" + stage + "." + (Integer.parseInt(block.group(2)) - 1) + "." + path + "." + block.group(5);
        }
        return name.replaceFirst("^conv1_conv\\.", "conv1.")
                .replaceFirst("^conv1_bn\\.", "bn1.")
                .replaceFirst("^(predictions|probs)\\.", "fc.");
    }
}
