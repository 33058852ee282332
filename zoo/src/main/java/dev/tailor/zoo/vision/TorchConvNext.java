package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.ChannelNorm;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.Residual;
import dev.tailor.zoo.nn.ResponseNorm;
import java.util.List;
import java.util.Map;

/**
 * ConvNeXt as torchvision's {@code convnext.py} keeps it (Liu et al. 2022, arXiv 2201.03545), and what timm's are beyond that: overlapping
 * stems, response normalisation, other ends.
 */
public final class TorchConvNext {
    private static final String VARIANTS = """
            convnext_tiny {"depths":[3,3,9,3],"dims":[96,192,384,768],"drop_path_rate":0.1}
            convnext_small {"depths":[3,3,27,3],"dims":[96,192,384,768],"drop_path_rate":0.4}
            convnext_base {"depths":[3,3,27,3],"dims":[128,256,512,1024],"drop_path_rate":0.5}
            convnext_large {"depths":[3,3,27,3],"dims":[192,384,768,1536],"drop_path_rate":0.5}
            """;

    private static final Init INIT = new Init.Normal(0.02);

    private static final Names NAMES = new Names(
            "features.0.0",
            "features.0.1",
            "features.",
            1,
            2,
            ".",
            1,
            ".",
            "layer_scale",
            "block.0",
            "block.2",
            "block.3",
            "block.5",
            "classifier.0",
            "classifier.2");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/convnext",
                    "TorchvisionConvNext",
                    Config::new,
                    (scope, config, head) -> build(scope, config, NAMES, head))
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier.2")
            .variants("torchvision", VARIANTS);

    private TorchConvNext() {}

    /**
     * Where a library keeps the parts.
     *
     * @param stages stands before a stage's number, which is {@code firstStage + step * stage}; {@code blocks} behind it
     * @param back by how much a downsampling's number is less than its stage's; {@code down} stands behind it
     */
    record Names(
            String stem,
            String stemNorm,
            String stages,
            int firstStage,
            int step,
            String blocks,
            int back,
            String down,
            String scale,
            String depthwise,
            String norm,
            String first,
            String second,
            String headNorm,
            String head) {
        String stage(int stage) {
            return stages + (firstStage + step * stage);
        }

        String downsampling(int stage) {
            return stages + (firstStage + step * stage - back) + down;
        }
    }

    /** Arguments of the network, named as in timm; {@code flatScale} is timm's shape of a layer scale. */
    record Config(
            long inChans,
            List<Long> depths,
            List<Long> dims,
            String stemType,
            boolean convMlp,
            boolean useGrn,
            boolean layerScale,
            boolean flatScale,
            boolean headNormFirst,
            long headHiddenSize,
            double epsilon,
            double dropout,
            double dropPathRate,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("in_chans", 3),
                    json.integers("depths", List.of(3L, 3L, 9L, 3L)),
                    json.integers("dims", List.of(96L, 192L, 384L, 768L)),
                    json.text("stem_type", "patch"),
                    json.flag("conv_mlp", false),
                    json.flag("use_grn", false),
                    !json.flag("use_grn", false),
                    json.modelType().startsWith("timm/"),
                    json.flag("head_norm_first", false),
                    json.integer("head_hidden_size", 0),
                    json.number("norm_eps", 1e-6),
                    json.number("drop_rate", 0),
                    json.number("drop_path_rate", 0),
                    json.labelCount());
            depths.forEach(depth -> json.check("depths", depth, 1000));
            dims.forEach(dim -> json.check("dims", dim, Integer.MAX_VALUE));
            boolean known = List.of("patch", "overlap", "overlap_tiered").contains(stemType);
            if (!known || depths.isEmpty() || depths.size() != dims.size()) {
                throw new TailorException(json.source() + ": stem_type must be \"patch\", \"overlap\" or"
                        + " \"overlap_tiered\", and dims as long as depths and not empty; found \"" + stemType + "\", "
                        + dims + " and " + depths);
            }
        }
    }

    static Map<String, Value> build(Scope root, Config c, Names names, Head head) {
        Scope scope = root.initializer(INIT);
        long count = c.depths().stream().mapToLong(Long::longValue).sum();
        long index = 0;
        Value x = stem(scope, c, names, ImageHead.pixels(scope, c.inChans()));
        for (int stage = 0; stage < c.depths().size(); stage++) {
            if (stage > 0) {
                String down = names.downsampling(stage);
                x = ChannelNorm.apply(scope, down + "0", x, c.epsilon());
                x = scope.conv2d(down + "1", x, c.dims().get(stage), 2, 2, 0, true);
            }
            for (int i = 0; i < c.depths().get(stage); i++) {
                double dropPath = Residual.dropPath(c.dropPathRate(), index++, count);
                x = block(scope.sub(names.stage(stage) + names.blocks() + i), c, names, x, dropPath);
            }
            scope.hiddenState(x);
        }
        x = c.headNormFirst() ? ChannelNorm.apply(scope, "norm_pre", x, c.epsilon()) : x;
        Value features = ImageHead.pooled(x);
        features = c.headNormFirst() ? features : scope.layerNorm(names.headNorm(), features, c.epsilon());
        if (c.headHiddenSize() > 0) {
            features = Activation.apply("gelu", scope.linear("head.pre_logits.fc", features, c.headHiddenSize()));
        }
        return ImageHead.outputs(scope, head, x, features, names.head(), c.labels(), c.dropout());
    }

    private static Value stem(Scope scope, Config c, Names names, Value pixels) {
        long width = c.dims().get(0);
        if (c.stemType().equals("patch")) {
            Value x = scope.conv2d(names.stem(), pixels, width, 4, 4, 0, true);
            return ChannelNorm.apply(scope, names.stemNorm(), x, c.epsilon());
        }
        long middle = c.stemType().equals("overlap_tiered") ? Math.max(8, (width / 2 + 4) / 8 * 8) : width;
        Value x = scope.conv2d("stem.0", pixels, middle, 3, 2, 1, true);
        return ChannelNorm.apply(scope, "stem.2", scope.conv2d("stem.1", x, width, 3, 2, 1, true), c.epsilon());
    }

    private static Value block(Scope scope, Config c, Names names, Value x, double dropPath) {
        long width = x.size(1).constant();
        Value y =
                scope.conv2d(names.depthwise(), x, width, 7, 1, 3, width, true).permute(0, 2, 3, 1);
        y = scope.layerNorm(names.norm(), y, c.epsilon());
        y = Activation.apply("gelu", pointwise(scope.sub(names.first()), c, y, 4 * width));
        if (c.useGrn()) {
            Value weight = scope.weight("mlp.grn.weight", Init.zeros(), 4 * width);
            y = ResponseNorm.apply(y, weight, scope.weight("mlp.grn.bias", Init.zeros(), 4 * width));
        }
        y = pointwise(scope.sub(names.second()), c, y, width);
        if (c.layerScale()) {
            Init small = new Init.Constant(1e-6);
            y = y.mul(
                    c.flatScale()
                            ? scope.weight(names.scale(), small, width)
                            : scope.weight(names.scale(), small, width, 1, 1).reshape(width));
        }
        return x.add(scope.dropPath(y.permute(0, 3, 1, 2), dropPath));
    }

    /** A linear layer over the last axis, whose matrix may be stored as a 1 x 1 convolution. */
    private static Value pointwise(Scope scope, Config c, Value x, long out) {
        long in = x.size(3).constant();
        Value weight = c.convMlp()
                ? scope.weight("weight", INIT, out, in, 1, 1).reshape(out, in)
                : scope.weight("weight", INIT, out, in);
        return scope.linear(x, weight, scope.weight("bias", Init.zeros(), out));
    }
}
