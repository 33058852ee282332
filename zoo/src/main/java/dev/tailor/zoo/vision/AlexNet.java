package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ImageHead;
import java.util.Map;

/** AlexNet (Krizhevsky 2014, arXiv 1404.5997), after torchvision's {@code alexnet.py}. */
public final class AlexNet {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/alexnet", "TorchvisionAlexNet", Config::new, AlexNet::build)
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier.6")
            .variants("torchvision", "alexnet {}");

    private static final int SIDE = 6;

    private AlexNet() {}

    /**
     * What may differ.
     *
     * @param width of the two hidden layers
     */
    record Config(long width, double dropout, int labels) {
        Config(ModelConfig json) {
            this(json.width("hidden_size", 4096), json.number("drop_rate", 0.5), json.labelCount());
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Value x = ImageHead.pixels(scope, 3);
        x = conv(scope, "features.0", x, 64, 11, 4, 2).maxPool2d(3, 2, 0);
        x = conv(scope, "features.3", x, 192, 5, 1, 2).maxPool2d(3, 2, 0);
        x = conv(scope, "features.6", x, 384, 3, 1, 1);
        x = conv(scope, "features.8", x, 256, 3, 1, 1);
        x = conv(scope, "features.10", x, 256, 3, 1, 1).maxPool2d(3, 2, 0);
        Value y = x.adaptiveMeanPool2d(SIDE, SIDE).flatten(1);
        y = linear(scope, "classifier.1", scope.dropout(y, c.dropout()), c.width());
        y = linear(scope, "classifier.4", scope.dropout(y, c.dropout()), c.width());
        return ImageHead.outputs(scope, head, x, y, "classifier.6", c.labels(), 0);
    }

    private static Value conv(Scope scope, String name, Value x, long out, long kernel, long stride, long padding) {
        Init init = Init.kaimingFanOut(out * kernel * kernel);
        return scope.initializer(init)
                .conv2d(name, x, out, kernel, stride, padding, true)
                .relu();
    }

    static Value linear(Scope scope, String name, Value x, long out) {
        return scope.initializer(Init.fanIn(x.size(1).constant()))
                .linear(name, x, out)
                .relu();
    }
}
