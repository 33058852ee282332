package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.Residual;
import dev.tailor.zoo.nn.SqueezeExcitation;
import dev.tailor.zoo.nn.Widths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * RegNet X and Y (Radosavovic et al. 2020, arXiv 2003.13678), after torchvision's {@code regnet.py}: the widths of the stages come from a
 * formula.
 */
public final class TorchRegNet {
    private static final String VARIANTS = """
            regnet_y_400mf {"w0":48,"wa":27.89,"wm":2.09,"group_size":8,"depth":16,"se_ratio":0.25,"group_min_ratio":0.9}
            regnet_y_800mf {"w0":56,"wa":38.84,"wm":2.4,"group_size":16,"depth":14,"se_ratio":0.25,"group_min_ratio":0.9}
            regnet_y_1_6gf {"w0":48,"wa":20.71,"wm":2.65,"group_size":24,"depth":27,"se_ratio":0.25,"group_min_ratio":0.9}
            regnet_y_3_2gf {"w0":80,"wa":42.63,"wm":2.66,"group_size":24,"depth":21,"se_ratio":0.25,"group_min_ratio":0.9}
            regnet_y_8gf {"w0":192,"wa":76.82,"wm":2.19,"group_size":56,"depth":17,"se_ratio":0.25,"group_min_ratio":0.9}
            regnet_y_16gf {"w0":200,"wa":106.23,"wm":2.48,"group_size":112,"depth":18,"se_ratio":0.25,"group_min_ratio":0.9}
            regnet_y_32gf {"w0":232,"wa":115.89,"wm":2.53,"group_size":232,"depth":20,"se_ratio":0.25,"group_min_ratio":0.9}
            regnet_y_128gf {"w0":456,"wa":160.83,"wm":2.52,"group_size":264,"depth":27,"se_ratio":0.25,"group_min_ratio":0.9}
            regnet_x_400mf {"w0":24,"wa":24.48,"wm":2.54,"group_size":16,"depth":22,"group_min_ratio":0.9}
            regnet_x_800mf {"w0":56,"wa":35.73,"wm":2.28,"group_size":16,"depth":16,"group_min_ratio":0.9}
            regnet_x_1_6gf {"w0":80,"wa":34.01,"wm":2.25,"group_size":24,"depth":18,"group_min_ratio":0.9}
            regnet_x_3_2gf {"w0":88,"wa":26.31,"wm":2.25,"group_size":48,"depth":25,"group_min_ratio":0.9}
            regnet_x_8gf {"w0":80,"wa":49.56,"wm":2.88,"group_size":120,"depth":23,"group_min_ratio":0.9}
            regnet_x_16gf {"w0":216,"wa":55.59,"wm":2.1,"group_size":128,"depth":22,"group_min_ratio":0.9}
            regnet_x_32gf {"w0":320,"wa":69.86,"wm":2.0,"group_size":168,"depth":23,"group_min_ratio":0.9}
            """;

    private static final Names NAMES = new Names(
            "stem.",
            "trunk_output.block%1$d.block%1$d-%2$d.",
            0,
            "0",
            "1",
            "f.a.",
            "f.b.",
            "f.se.",
            "f.c.",
            "proj.",
            "fc");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/regnet",
                    "TorchvisionRegNet",
                    Config::new,
                    (scope, config, head) -> build(scope, config, NAMES, head))
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("fc")
            .variants("torchvision", VARIANTS);

    private static final ConvNorm LAYER = ConvNorm.TORCH;
    private static final int QUANTUM = 8;
    private static final long MOST_DEPTH = 1000;

    private TorchRegNet() {}

    /** Where a library keeps the parts; {@code block} takes a stage's number from 1 and a block's from {@code firstBlock}. */
    record Names(
            String stem,
            String block,
            int firstBlock,
            String conv,
            String norm,
            String first,
            String second,
            String squeeze,
            String third,
            String shortcut,
            String head) {}

    /**
     * timm's arguments of the network.
     *
     * @param groupMinRatio how much of a width may be lost when it is made a multiple of the groups; 0 for the nearest multiple
     */
    record Config(
            long inChans,
            long stemWidth,
            long w0,
            double wa,
            double wm,
            long depth,
            long groupSize,
            double seRatio,
            double groupMinRatio,
            double dropPathRate,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("in_chans", 3),
                    json.width("stem_width", 32),
                    json.width("w0", 80),
                    json.number("wa", 42.64),
                    json.number("wm", 2.66),
                    json.count("depth", 21, MOST_DEPTH),
                    json.width("group_size", 24),
                    json.number("se_ratio", 0),
                    json.number("group_min_ratio", 0),
                    json.number("drop_path_rate", 0),
                    json.labelCount());
            if (wa < 0 || wm <= 1 || w0 % QUANTUM != 0) {
                throw new TailorException(json.source() + ": wa must not be negative, wm above 1 and w0 a multiple of "
                        + QUANTUM + "; found " + wa + ", " + wm + " and " + w0);
            }
        }

        /** The width of each block, by rising powers of {@code wm}; blocks of one width form a stage. */
        List<Long> blockWidths() {
            List<Long> widths = new ArrayList<>();
            for (int i = 0; i < depth; i++) {
                double continuous = i * wa + w0;
                double power = Math.rint(Math.log(continuous / w0) / Math.log(wm));
                widths.add((long) Math.rint(w0 * Math.pow(wm, power) / QUANTUM) * QUANTUM);
            }
            return widths;
        }

        /** A stage's width, made a multiple of its groups. */
        long fitted(long width) {
            long group = Math.min(groupSize, width);
            return groupMinRatio > 0
                    ? Widths.divisible((double) width, group, groupMinRatio)
                    : (long) Math.rint((double) width / group) * group;
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Names names, Head head) {
        Value pixels = ImageHead.pixels(scope, c.inChans());
        Value x = conv(
                scope, names, names.stem(), pixels, c.stemWidth(), Window.of(3).by(2), "relu");
        int stage = 0;
        int block = 0;
        int number = 0;
        long before = 0;
        for (long width : c.blockWidths()) {
            if (width != before) {
                stage++;
                block = 0;
            }
            before = width;
            String path = String.format(names.block(), stage, block + names.firstBlock());
            double dropPath = Residual.dropPath(c.dropPathRate(), number++, c.depth());
            x = block(scope, c, names, path, x, c.fitted(width), block++ == 0 ? 2 : 1, dropPath);
        }
        return ImageHead.outputs(scope, head, x, ImageHead.pooled(x), names.head(), c.labels(), 0);
    }

    private static Value block(
            Scope scope, Config c, Names names, String path, Value x, long out, long stride, double dropPath) {
        long in = x.size(1).constant();
        Window grouped = Window.of(3).by(stride).in(out / Math.min(c.groupSize(), out));
        Value y = conv(scope, names, path + names.first(), x, out, Window.of(1), "relu");
        y = conv(scope, names, path + names.second(), y, out, grouped, "relu");
        if (c.seRatio() > 0) {
            long narrow = (long) Math.rint(c.seRatio() * in);
            String squeeze = path + names.squeeze();
            y = SqueezeExcitation.apply(scope, squeeze + "fc1", squeeze + "fc2", y, narrow, "relu", "sigmoid");
        }
        y = conv(scope, names, path + names.third(), y, out, Window.of(1), ConvNorm.NONE);
        boolean same = stride == 1 && in == out;
        Value residual = same
                ? x
                : conv(
                        scope,
                        names,
                        path + names.shortcut(),
                        x,
                        out,
                        Window.of(1).by(stride),
                        ConvNorm.NONE);
        return Activation.apply("relu", scope.dropPath(y, dropPath).add(residual));
    }

    private static Value conv(
            Scope scope, Names names, String path, Value x, long out, Window window, String activation) {
        return LAYER.apply(scope, path + names.conv(), path + names.norm(), x, out, window, activation);
    }
}
