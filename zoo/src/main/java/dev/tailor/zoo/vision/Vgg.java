package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ImageHead;
import java.util.List;
import java.util.Map;

/** VGG (Simonyan and Zisserman 2014, arXiv 1409.1556), after torchvision's {@code vgg.py}. */
public final class Vgg {
    private static final String VARIANTS = """
            vgg11 {"depths":[1,1,2,2,2]}
            vgg13 {"depths":[2,2,2,2,2]}
            vgg16 {"depths":[2,2,3,3,3]}
            vgg19 {"depths":[2,2,4,4,4]}
            vgg11_bn {"depths":[1,1,2,2,2],"batch_norm":true}
            vgg13_bn {"depths":[2,2,2,2,2],"batch_norm":true}
            vgg16_bn {"depths":[2,2,3,3,3],"batch_norm":true}
            vgg19_bn {"depths":[2,2,4,4,4],"batch_norm":true}
            """;

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/vgg", "TorchvisionVgg", Config::new, Vgg::build)
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier.6")
            .variants("torchvision", VARIANTS);

    private static final int SIDE = 7;
    private static final double EPSILON = 1e-5;
    private static final double MOMENTUM = 0.1;

    private Vgg() {}

    /**
     * What tells the networks apart.
     *
     * @param depths convolutions between two poolings
     * @param widths their channels
     * @param width of the two hidden layers
     */
    record Config(List<Long> depths, List<Long> widths, boolean batchNorm, long width, double dropout, int labels) {
        Config(ModelConfig json) {
            this(
                    json.integers("depths", List.of(2L, 2L, 3L, 3L, 3L)),
                    json.integers("widths", List.of(64L, 128L, 256L, 512L, 512L)),
                    json.flag("batch_norm", false),
                    json.width("hidden_size", 4096),
                    json.number("drop_rate", 0.5),
                    json.labelCount());
            json.check("depths", depths.size(), widths.size());
            depths.forEach(depth -> json.check("depths", depth, 1000));
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Value x = ImageHead.pixels(scope, 3);
        int layer = 0;
        for (int stage = 0; stage < c.depths().size(); stage++) {
            for (int i = 0; i < c.depths().get(stage); i++) {
                long out = c.widths().get(stage);
                Scope fresh = scope.initializer(Init.kaimingFanOut(9 * out));
                x = fresh.conv2d("features." + layer++, x, out, 3, 1, 1, true);
                x = c.batchNorm() ? scope.batchNorm("features." + layer++, x, EPSILON, MOMENTUM) : x;
                x = x.relu();
                layer++;
            }
            x = x.maxPool2d(2, 2, 0);
            layer++;
        }
        Value y = x.adaptiveMeanPool2d(SIDE, SIDE).flatten(1);
        y = scope.dropout(AlexNet.linear(scope, "classifier.0", y, c.width()), c.dropout());
        y = AlexNet.linear(scope, "classifier.3", y, c.width());
        return ImageHead.outputs(scope, head, x, y, "classifier.6", c.labels(), c.dropout());
    }
}
