package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.ImageHead;
import java.util.Map;

/**
 * Inception v3 (Szegedy et al. 2015, arXiv 1512.00567), after torchvision's {@code inception.py}; timm names the parts alike. Its
 * auxiliary classifier serves training alone and is left out.
 */
public final class InceptionV3 {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/inception_v3", "TorchInceptionV3", GoogLeNet.Config::new, InceptionV3::build)
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("fc")
            .ignorable("AuxLogits")
            .variants("torchvision", "inception_v3 {\"drop_rate\":0.5}")
            .variants("timm", "inception_v3 {\"drop_rate\":0}");

    private static final Window ONE = Window.of(1);
    private static final Window THREE = Window.of(3);
    private static final Window DOWN = Window.of(3).by(2).valid();
    private static final Window WIDE = Window.of(1, 7);
    private static final Window HIGH = Window.of(7, 1);

    private InceptionV3() {}

    static Map<String, Value> build(Scope scope, GoogLeNet.Config c, Head head) {
        Value pixels = ImageHead.pixels(scope, 3);
        Value x = c.transformInput() ? GoogLeNet.transform(pixels) : pixels;
        x = conv(scope, "Conv2d_1a_3x3", x, 32, DOWN);
        x = conv(scope, "Conv2d_2a_3x3", x, 32, THREE.valid());
        x = conv(scope, "Conv2d_2b_3x3", x, 64, THREE).maxPool2d(3, 2, 0);
        x = conv(scope, "Conv2d_3b_1x1", x, 80, ONE);
        x = conv(scope, "Conv2d_4a_3x3", x, 192, THREE.valid()).maxPool2d(3, 2, 0);
        x = squares(scope.sub("Mixed_5b"), x, 32);
        x = squares(scope.sub("Mixed_5c"), x, 64);
        x = squares(scope.sub("Mixed_5d"), x, 64);
        x = firstReduction(scope.sub("Mixed_6a"), x);
        x = strips(scope.sub("Mixed_6b"), x, 128);
        x = strips(scope.sub("Mixed_6c"), x, 160);
        x = strips(scope.sub("Mixed_6d"), x, 160);
        x = strips(scope.sub("Mixed_6e"), x, 192);
        x = secondReduction(scope.sub("Mixed_7a"), x);
        x = crosses(scope.sub("Mixed_7b"), x);
        x = crosses(scope.sub("Mixed_7c"), x);
        return ImageHead.outputs(scope, head, x, ImageHead.pooled(x), "fc", c.labels(), c.dropout());
    }

    private static Value squares(Scope scope, Value x, long pooled) {
        Value five = conv(scope, "branch5x5_1", x, 48, ONE);
        return conv(scope, "branch1x1", x, 64, ONE)
                .concat(
                        1,
                        conv(scope, "branch5x5_2", five, 64, Window.of(5)),
                        conv(scope, "branch3x3dbl_3", twice(scope, x), 96, THREE),
                        pooled(scope, x, pooled));
    }

    private static Value firstReduction(Scope scope, Value x) {
        return conv(scope, "branch3x3", x, 384, DOWN)
                .concat(1, conv(scope, "branch3x3dbl_3", twice(scope, x), 96, DOWN), x.maxPool2d(3, 2, 0));
    }

    private static Value twice(Scope scope, Value x) {
        return conv(scope, "branch3x3dbl_2", conv(scope, "branch3x3dbl_1", x, 64, ONE), 96, THREE);
    }

    private static Value strips(Scope scope, Value x, long width) {
        Value once = conv(scope, "branch7x7_1", x, width, ONE);
        once = conv(scope, "branch7x7_2", once, width, WIDE);
        Value twice = conv(scope, "branch7x7dbl_1", x, width, ONE);
        twice = conv(scope, "branch7x7dbl_2", twice, width, HIGH);
        twice = conv(scope, "branch7x7dbl_3", twice, width, WIDE);
        twice = conv(scope, "branch7x7dbl_4", twice, width, HIGH);
        return conv(scope, "branch1x1", x, 192, ONE)
                .concat(
                        1,
                        conv(scope, "branch7x7_3", once, 192, HIGH),
                        conv(scope, "branch7x7dbl_5", twice, 192, WIDE),
                        pooled(scope, x, 192));
    }

    private static Value secondReduction(Scope scope, Value x) {
        Value three = conv(scope, "branch3x3_1", x, 192, ONE);
        Value seven = conv(scope, "branch7x7x3_1", x, 192, ONE);
        seven = conv(scope, "branch7x7x3_2", seven, 192, WIDE);
        seven = conv(scope, "branch7x7x3_3", seven, 192, HIGH);
        return conv(scope, "branch3x3_2", three, 320, DOWN)
                .concat(1, conv(scope, "branch7x7x3_4", seven, 192, DOWN), x.maxPool2d(3, 2, 0));
    }

    private static Value crosses(Scope scope, Value x) {
        Value once = conv(scope, "branch3x3_1", x, 384, ONE);
        Value twice = conv(scope, "branch3x3dbl_1", x, 448, ONE);
        twice = conv(scope, "branch3x3dbl_2", twice, 384, THREE);
        return conv(scope, "branch1x1", x, 320, ONE)
                .concat(
                        1,
                        conv(scope, "branch3x3_2a", once, 384, Window.of(1, 3)),
                        conv(scope, "branch3x3_2b", once, 384, Window.of(3, 1)),
                        conv(scope, "branch3x3dbl_3a", twice, 384, Window.of(1, 3)),
                        conv(scope, "branch3x3dbl_3b", twice, 384, Window.of(3, 1)),
                        pooled(scope, x, 192));
    }

    private static Value pooled(Scope scope, Value x, long out) {
        return conv(scope, "branch_pool", x.avgPool2d(3, 1, 1), out, ONE);
    }

    private static Value conv(Scope scope, String name, Value x, long out, Window window) {
        return GoogLeNet.conv(scope, name, x, out, window);
    }
}
