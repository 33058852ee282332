package dev.tailor.zoo.vision;

import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.MobileBlock;
import dev.tailor.zoo.nn.MobileBlock.Keys;
import dev.tailor.zoo.nn.MobileBlock.Place;
import dev.tailor.zoo.nn.MobileBlock.Role;
import dev.tailor.zoo.nn.MobileStages;
import dev.tailor.zoo.nn.Widths;
import java.util.List;
import java.util.Map;

/**
 * What MobileNet v2 and v3, MNASNet and both EfficientNets are: a stem, stacks of mobile blocks, a wide last layer before or behind
 * the pooling. The families differ in their tables and names alone.
 */
final class MobileNetwork {
    /** Types of the places that are not in a stack. */
    static final String STEM = "stem";

    static final String LAST = "last";

    private MobileNetwork() {}

    /**
     * Where a library keeps the parts.
     *
     * @param parts stem and last layer too, as places of stage and number -1 and behind the last
     * @param pooledLast the last layer where it stands behind the pooling
     * @param pooledLinear whether that one is a linear layer and not a 1 x 1 convolution
     */
    record Names(MobileBlock.Names parts, String pooledLast, boolean pooledLinear, String classifier) {}

    /** Arguments of the network, named as in timm where timm has them. */
    record Config(
            long inChans,
            List<String> blockArgs,
            double channelMultiplier,
            double depthMultiplier,
            long channelDivisor,
            double roundLimit,
            long stemSize,
            boolean fixStem,
            boolean fixFirstLast,
            long lastSize,
            boolean lastPooled,
            boolean dilated,
            MobileBlock.Style style,
            double dropout,
            double dropPathRate,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("in_chans", 3),
                    json.texts("block_args", List.of("ds_r1_k3_s1_c16")),
                    json.number("channel_multiplier", 1),
                    json.number("depth_multiplier", 1),
                    json.width("channel_divisor", 8),
                    json.number("round_limit", 0.9),
                    json.width("stem_size", 32),
                    json.flag("fix_stem", false),
                    json.flag("fix_first_last", false),
                    json.integer("last_size", 1280),
                    json.flag("last_pooled", false),
                    json.flag("dilated", false),
                    new MobileBlock.Style(
                            new ConvNorm(
                                    json.number("bn_eps", 1e-5),
                                    json.number("bn_momentum", 0.1),
                                    json.text("pad_type", "").equals("same")),
                            json.text("act_layer", "relu"),
                            json.text("se_gate", "sigmoid"),
                            json.text("se_act", ""),
                            json.flag("se_from_exp", false)),
                    json.number("drop_rate", 0),
                    json.number("drop_path_rate", 0),
                    json.labelCount());
        }

        long channels(long width) {
            return Widths.divisible(width * channelMultiplier, channelDivisor, roundLimit);
        }

        MobileStages stages() {
            MobileStages all = MobileStages.of(blockArgs, depthMultiplier, fixFirstLast, this::channels)
                    .dropping(dropPathRate);
            // The last stack that strides; a single convolution may follow.
            int last = all.stacks().size() - 1;
            while (dilated && all.stacks().get(last).get(0).stride() == 1) {
                last--;
            }
            return dilated ? all.dilatedFrom(last) : all;
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Names names, Head head) {
        List<Value> stages = backbone(scope, c, names, ImageHead.pixels(scope, c.inChans()));
        stages.forEach(scope::hiddenState);
        Value x = stages.get(stages.size() - 1);
        Value features = ImageHead.pooled(x);
        if (c.lastPooled()) {
            features = pooledLast(scope, c, names, features);
        }
        return ImageHead.outputs(scope, head, x, features, names.classifier(), c.labels(), c.dropout());
    }

    /** The output of each stack; the last one's has gone through the wide layer where that stands before the pooling. */
    static List<Value> backbone(Scope scope, Config c, Names names, Value pixels) {
        MobileStages stages = c.stages();
        MobileBlock.Style style = c.style();
        long stem = c.fixStem() ? c.stemSize() : c.channels(c.stemSize());
        Keys first = names.parts().of(new Place(-1, 0, -1, STEM, Role.SINGLE, 0));
        Value x = style.layer()
                .apply(
                        scope,
                        first.first(),
                        first.second(),
                        pixels,
                        stem,
                        Window.of(3).by(2),
                        style.activation());
        List<Value> outputs = stages.apply(scope, names.parts(), style, x);
        if (c.lastPooled()) {
            return outputs;
        }
        Keys last = names.parts().of(new Place(stages.stacks().size(), 0, stages.blocks(), LAST, Role.SINGLE, 0));
        Value end = outputs.get(outputs.size() - 1);
        outputs.set(
                outputs.size() - 1,
                style.layer()
                        .apply(
                                scope,
                                last.first(),
                                last.second(),
                                end,
                                c.lastSize(),
                                Window.of(1),
                                style.activation()));
        return outputs;
    }

    private static Value pooledLast(Scope scope, Config c, Names names, Value pooled) {
        Scope fresh = scope.initializer(Init.fanIn(pooled.size(1).constant()));
        Value y = names.pooledLinear()
                ? fresh.linear(names.pooledLast(), pooled, c.lastSize())
                : fresh.conv2d(names.pooledLast(), pooled.unsqueeze(2).unsqueeze(3), c.lastSize(), 1, 1, 0, true)
                        .flatten(1);
        return Activation.apply(c.style().activation(), y);
    }
}
