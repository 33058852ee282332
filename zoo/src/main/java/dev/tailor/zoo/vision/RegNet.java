package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.SqueezeExcitation;
import java.util.List;
import java.util.Map;

/** RegNet X and Y (Radosavovic et al. 2020, arXiv 2003.13678), after transformers' {@code modeling_regnet.py}. */
public final class RegNet {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("regnet", "RegNet", Config::new, RegNet::build)
            .prefix("regnet")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier");

    private RegNet() {}

    /** The keys of {@code config.json}. */
    record Config(
            long numChannels,
            long embeddingSize,
            List<Long> hiddenSizes,
            List<Long> depths,
            long groupsWidth,
            boolean squeezes,
            String hiddenAct,
            boolean downsampleInFirstStage,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("num_channels", 3),
                    json.width("embedding_size", 32),
                    json.integers("hidden_sizes", List.of(128L, 192L, 512L, 1088L)),
                    json.integers("depths", List.of(2L, 6L, 12L, 2L)),
                    json.width("groups_width", 64),
                    json.text("layer_type", "y").equals("y"),
                    json.text("hidden_act", "relu"),
                    json.flag("downsample_in_first_stage", true),
                    json.labelCount());
            hiddenSizes.forEach(size -> json.check("hidden_sizes", size, Integer.MAX_VALUE));
            depths.forEach(depth -> json.check("depths", depth, 1000));
            String type = json.text("layer_type", "y");
            if ((!squeezes && !type.equals("x")) || hiddenSizes.isEmpty() || hiddenSizes.size() != depths.size()) {
                throw new TailorException(json.source() + ": layer_type must be \"x\" or \"y\" and hidden_sizes as long"
                        + " as depths and not empty; found \"" + type + "\", " + hiddenSizes + " and " + depths);
            }
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Scope net = head == Head.BASE ? scope : scope.sub("regnet");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        Window three = Window.of(3).by(2);
        Value x = conv(net.sub("embedder.embedder"), pixels, c.embeddingSize(), three, c.hiddenAct());
        scope.hiddenState(x);
        for (int stage = 0; stage < c.depths().size(); stage++) {
            long stride = stage == 0 && !c.downsampleInFirstStage() ? 1 : 2;
            for (int i = 0; i < c.depths().get(stage); i++) {
                Scope at = net.sub("encoder.stages", stage, "layers", i);
                x = block(at, c, x, c.hiddenSizes().get(stage), i == 0 ? stride : 1);
            }
            scope.hiddenState(x);
        }
        return ImageHead.outputs(scope, head, x, "classifier.1", c.labels());
    }

    private static Value block(Scope scope, Config c, Value x, long out, long stride) {
        long in = x.size(1).constant();
        boolean same = stride == 1 && in == out;
        Value residual =
                same ? x : conv(scope.sub("shortcut"), x, out, Window.of(1).by(stride), ConvNorm.NONE);
        Window grouped = Window.of(3).by(stride).in(Math.max(1, out / c.groupsWidth()));
        Value y = conv(scope.sub("layer.0"), x, out, Window.of(1), c.hiddenAct());
        y = conv(scope.sub("layer.1"), y, out, grouped, c.hiddenAct());
        int last = 2;
        if (c.squeezes()) {
            Scope squeeze = scope.sub("layer.2.attention");
            y = SqueezeExcitation.apply(squeeze, "0", "2", y, Math.round(Math.rint(in / 4.0)), "relu", "sigmoid");
            last = 3;
        }
        y = conv(scope.sub("layer", last), y, out, Window.of(1), ConvNorm.NONE);
        return Activation.apply(c.hiddenAct(), y.add(residual));
    }

    private static Value conv(Scope scope, Value x, long out, Window window, String activation) {
        return ConvNorm.TORCH.apply(scope, "convolution", "normalization", x, out, window, activation);
    }
}
