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
import java.util.List;
import java.util.Map;

/** ShuffleNet v2 (Ma et al. 2018, arXiv 1807.11164), after torchvision's {@code shufflenetv2.py}. */
public final class ShuffleNetV2 {
    private static final String VARIANTS = """
            shufflenet_v2_x0_5 {"widths":[24,48,96,192,1024]}
            shufflenet_v2_x1_0 {"widths":[24,116,232,464,1024]}
            shufflenet_v2_x1_5 {"widths":[24,176,352,704,1024]}
            shufflenet_v2_x2_0 {"widths":[24,244,488,976,2048]}
            """;

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/shufflenet_v2", "TorchvisionShuffleNetV2", Config::new, ShuffleNetV2::build)
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("fc")
            .variants("torchvision", VARIANTS);

    private static final ConvNorm LAYER = ConvNorm.TORCH;

    private ShuffleNetV2() {}

    /**
     * The network's arguments.
     *
     * @param depths blocks of each stage
     * @param widths channels of the stem, each stage, and the last layer
     */
    record Config(List<Long> depths, List<Long> widths, int labels) {
        Config(ModelConfig json) {
            this(
                    json.integers("depths", List.of(4L, 8L, 4L)),
                    json.integers("widths", List.of(24L, 116L, 232L, 464L, 1024L)),
                    json.labelCount());
            depths.forEach(depth -> json.check("depths", depth, 1000));
            widths.forEach(width -> json.check("widths", width, Integer.MAX_VALUE));
            if (widths.size() != depths.size() + 2) {
                throw new TailorException(json.source() + ": widths must have two numbers more than depths; found "
                        + widths + " and " + depths);
            }
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Value pixels = ImageHead.pixels(scope, 3);
        Value x = conv(
                scope.sub("conv1"), 0, pixels, c.widths().get(0), Window.of(3).by(2), "relu");
        x = x.maxPool2d(3, 2, 1);
        for (int stage = 0; stage < c.depths().size(); stage++) {
            for (int i = 0; i < c.depths().get(stage); i++) {
                Scope block = scope.sub("stage" + (stage + 2), i);
                x = shuffle(block(block, x, c.widths().get(stage + 1) / 2, i == 0));
            }
        }
        x = conv(scope.sub("conv5"), 0, x, c.widths().get(c.widths().size() - 1), Window.of(1), "relu");
        return ImageHead.outputs(scope, head, x, ImageHead.pooled(x), "fc", c.labels(), 0);
    }

    private static Value block(Scope scope, Value x, long half, boolean down) {
        Scope left = scope.sub("branch1");
        Scope right = scope.sub("branch2");
        List<Value> halves = down ? List.of(x, x) : x.chunk(1, 2);
        Value y = halves.get(0);
        if (down) {
            long in = x.size(1).constant();
            y = conv(left, 0, y, in, Window.of(3).by(2).in(in), ConvNorm.NONE);
            y = conv(left, 2, y, half, Window.of(1), "relu");
        }
        Value z = conv(right, 0, halves.get(1), half, Window.of(1), "relu");
        z = conv(right, 3, z, half, Window.of(3).by(down ? 2 : 1).in(half), ConvNorm.NONE);
        z = conv(right, 5, z, half, Window.of(1), "relu");
        return y.concat(1, z);
    }

    /** The channels of the two branches alternate. */
    private static Value shuffle(Value x) {
        long half = x.size(1).constant() / 2;
        return x.reshape(x.size(0), 2, half, x.size(2), x.size(3))
                .transpose(1, 2)
                .reshape(x.size(0), 2 * half, x.size(2), x.size(3));
    }

    private static Value conv(Scope scope, int number, Value x, long out, Window window, String activation) {
        return LAYER.apply(scope, Integer.toString(number), Integer.toString(number + 1), x, out, window, activation);
    }
}
