package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.ImageHead;
import java.util.List;
import java.util.Map;

/**
 * GoogLeNet (Szegedy et al. 2014, arXiv 1409.4842) with batch normalisation, after torchvision's {@code googlenet.py}. Its auxiliary
 * classifiers serve training alone and are left out.
 */
public final class GoogLeNet {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/googlenet", "TorchvisionGoogLeNet", Config::new, GoogLeNet::build)
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("fc")
            .ignorable("aux1", "aux2")
            .variants("torchvision", "googlenet {}");

    private static final ConvNorm LAYER = new ConvNorm(1e-3, 0.1, false);

    private GoogLeNet() {}

    /**
     * What may differ.
     *
     * @param transformInput whether channels normalised for torchvision are brought to the range of the original first
     */
    record Config(boolean transformInput, double dropout, int labels) {
        Config(ModelConfig json) {
            this(json.flag("transform_input", false), json.number("drop_rate", 0.2), json.labelCount());
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Value pixels = ImageHead.pixels(scope, 3);
        Value x = c.transformInput() ? transform(pixels) : pixels;
        x = pool(conv(scope, "conv1", x, 64, Window.of(7).by(2)), 3);
        x = conv(scope, "conv2", x, 64, Window.of(1));
        x = pool(conv(scope, "conv3", x, 192, Window.of(3)), 3);
        x = inception(scope.sub("inception3a"), x, 64, 96, 128, 16, 32, 32);
        x = pool(inception(scope.sub("inception3b"), x, 128, 128, 192, 32, 96, 64), 3);
        x = inception(scope.sub("inception4a"), x, 192, 96, 208, 16, 48, 64);
        x = inception(scope.sub("inception4b"), x, 160, 112, 224, 24, 64, 64);
        x = inception(scope.sub("inception4c"), x, 128, 128, 256, 24, 64, 64);
        x = inception(scope.sub("inception4d"), x, 112, 144, 288, 32, 64, 64);
        x = pool(inception(scope.sub("inception4e"), x, 256, 160, 320, 32, 128, 128), 2);
        x = inception(scope.sub("inception5a"), x, 256, 160, 320, 32, 128, 128);
        x = inception(scope.sub("inception5b"), x, 384, 192, 384, 48, 128, 128);
        return ImageHead.outputs(scope, head, x, ImageHead.pooled(x), "fc", c.labels(), c.dropout());
    }

    private static Value inception(
            Scope scope, Value x, long one, long threeIn, long three, long fiveIn, long five, long pooled) {
        Value second = conv(scope, "branch2.0", x, threeIn, Window.of(1));
        Value third = conv(scope, "branch3.0", x, fiveIn, Window.of(1));
        // The paper's 5 x 5 is a 3 x 3 in torchvision and in its weights.
        return conv(scope, "branch1", x, one, Window.of(1))
                .concat(
                        1,
                        conv(scope, "branch2.1", second, three, Window.of(3)),
                        conv(scope, "branch3.1", third, five, Window.of(3)),
                        conv(scope, "branch4.1", x.maxPool2d(3, 1, 1), pooled, Window.of(1)));
    }

    private static Value pool(Value x, long kernel) {
        return x.pool(new Op.Pool2d(true, List.of(kernel, kernel), List.of(2L, 2L), List.of(0L, 0L), true, false));
    }

    static Value conv(Scope scope, String name, Value x, long out, Window window) {
        return LAYER.apply(scope, name + ".conv", name + ".bn", x, out, window, "relu");
    }

    /** From ImageNet's means and deviations to the range -1 to 1. */
    static Value transform(Value pixels) {
        double[] mean = {0.485, 0.456, 0.406};
        double[] deviation = {0.229, 0.224, 0.225};
        Value[] channels = new Value[mean.length];
        for (int i = 0; i < mean.length; i++) {
            channels[i] = pixels.slice(1, i, i + 1).mul(deviation[i] / 0.5).add((mean[i] - 0.5) / 0.5);
        }
        return channels[0].concat(1, channels[1], channels[2]);
    }
}
