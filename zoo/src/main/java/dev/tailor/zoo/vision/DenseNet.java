package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.ImageHead;
import java.util.List;
import java.util.Map;

/** DenseNet (Huang et al. 2016, arXiv 1608.06993), after torchvision's {@code densenet.py}; timm names the parts alike. */
public final class DenseNet {
    private static final String VARIANTS = """
            densenet121 {"block_config":[6,12,24,16]}
            densenet161 {"block_config":[6,12,36,24],"growth_rate":48,"num_init_features":96}
            densenet169 {"block_config":[6,12,32,32]}
            densenet201 {"block_config":[6,12,48,32]}
            """;

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/densenet", "TorchDenseNet", Config::new, DenseNet::build)
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier")
            .variants("torchvision", VARIANTS)
            .variants("timm", VARIANTS);

    private static final ConvNorm LAYER = ConvNorm.TORCH;

    private DenseNet() {}

    /** The network's arguments. */
    record Config(
            long inChans, List<Long> blockConfig, long growthRate, long numInitFeatures, long bnSize, int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("in_chans", 3),
                    json.integers("block_config", List.of(6L, 12L, 24L, 16L)),
                    json.width("growth_rate", 32),
                    json.width("num_init_features", 64),
                    json.width("bn_size", 4),
                    json.labelCount());
            blockConfig.forEach(depth -> json.check("block_config", depth, 1000));
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Scope features = scope.sub("features");
        // Files of before 2018, such as the published ones, write norm.1 for norm1.
        String dot = features.has("denseblock1.denselayer1.norm.1.weight")
                        && !features.has("denseblock1.denselayer1.norm1.weight")
                ? "."
                : "";
        Value pixels = ImageHead.pixels(scope, c.inChans());
        Value x = LAYER.apply(
                features,
                "conv0",
                "norm0",
                pixels,
                c.numInitFeatures(),
                Window.of(7).by(2),
                "relu");
        x = x.maxPool2d(3, 2, 1);
        for (int block = 1; block <= c.blockConfig().size(); block++) {
            for (int i = 1; i <= c.blockConfig().get(block - 1); i++) {
                Scope layer = features.sub("denseblock" + block, "denselayer" + i);
                Value y = conv(layer, "norm" + dot + 1, "conv" + dot + 1, x, c.bnSize() * c.growthRate(), 1);
                x = x.concat(1, conv(layer, "norm" + dot + 2, "conv" + dot + 2, y, c.growthRate(), 3));
            }
            if (block < c.blockConfig().size()) {
                long half = x.size(1).constant() / 2;
                x = conv(features.sub("transition" + block), "norm", "conv", x, half, 1)
                        .avgPool2d(2, 2, 0);
            }
        }
        x = norm(features, "norm5", x);
        return ImageHead.outputs(scope, head, x, ImageHead.pooled(x), "classifier", c.labels(), 0);
    }

    private static Value conv(Scope scope, String norm, String conv, Value x, long out, long kernel) {
        return LAYER.convolution(scope, conv, norm(scope, norm, x), out, Window.of(kernel), false);
    }

    private static Value norm(Scope scope, String name, Value x) {
        return scope.batchNorm(name, x, LAYER.epsilon(), LAYER.momentum()).relu();
    }
}
