package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.FusedAttention;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.Residual;
import dev.tailor.zoo.nn.Sides;
import dev.tailor.zoo.nn.Tokens;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Vision Transformer as torchvision's {@code vision_transformer.py} keeps it (Dosovitskiy et al. 2020, arXiv 2010.11929), and what
 * timm's are beyond that: register tokens, layer scale, a second token, other poolings.
 */
public final class TorchVit {
    private static final String VARIANTS = """
            vit_b_16 {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12}
            vit_b_32 {"patch_size":32,"embed_dim":768,"depth":12,"num_heads":12}
            vit_l_16 {"patch_size":16,"embed_dim":1024,"depth":24,"num_heads":16}
            vit_l_32 {"patch_size":32,"embed_dim":1024,"depth":24,"num_heads":16}
            vit_h_14 {"patch_size":14,"embed_dim":1280,"depth":32,"num_heads":16}
            """;

    private static final double EPSILON = 1e-6;
    private static final Init INIT = new Init.Normal(0.02);

    private static final Names NAMES = new Names(
            "class_token",
            "encoder.pos_embedding",
            "conv_proj",
            "encoder.layers.encoder_layer_%d.",
            "ln_1",
            "self_attention.in_proj_weight",
            "self_attention.in_proj_bias",
            "self_attention.out_proj",
            "ln_2",
            "mlp.0",
            "mlp.3",
            "encoder.ln",
            "heads.head");

    /** Files of before 2022, such as the published ones, name the inner layers otherwise. */
    private static final Names OLD = NAMES.inner("mlp.linear_1", "mlp.linear_2");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/vit",
                    "TorchvisionVit",
                    Config::new,
                    (scope, config, head) -> build(
                            scope,
                            config,
                            scope.has("encoder.layers.encoder_layer_0.mlp.linear_1.weight")
                                            && !scope.has("encoder.layers.encoder_layer_0.mlp.0.weight")
                                    ? OLD
                                    : NAMES,
                            head))
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("heads")
            .variants("torchvision", VARIANTS);

    private TorchVit() {}

    /** Where a library keeps the parts; {@code block} takes a number and stands before those of a layer. */
    record Names(
            String token,
            String positions,
            String patches,
            String block,
            String norm1,
            String qkvWeight,
            String qkvBias,
            String projection,
            String norm2,
            String first,
            String second,
            String norm,
            String head) {
        Names inner(String one, String two) {
            return new Names(
                    token,
                    positions,
                    patches,
                    block,
                    norm1,
                    qkvWeight,
                    qkvBias,
                    projection,
                    norm2,
                    one,
                    two,
                    norm,
                    head);
        }
    }

    /** Arguments of the network, named as in timm. */
    record Config(
            long imgSize,
            long inChans,
            long patchSize,
            long embedDim,
            long depth,
            long numHeads,
            double mlpRatio,
            boolean qkvBias,
            boolean layerScale,
            boolean classToken,
            boolean noEmbedClass,
            long regTokens,
            boolean distilled,
            boolean meanPool,
            double dropout,
            double dropPathRate,
            int labels) {
        Config(ModelConfig json) {
            this(
                    imageSize(json),
                    json.width("in_chans", 3),
                    json.width("patch_size", 16),
                    json.width("embed_dim", 768),
                    json.layers("depth", 12),
                    json.width("num_heads", 12),
                    json.number("mlp_ratio", 4),
                    json.flag("qkv_bias", true),
                    json.has("init_values"),
                    json.flag("class_token", true),
                    json.flag("no_embed_class", false),
                    json.integer("reg_tokens", 0),
                    json.flag("distilled", false),
                    json.text("global_pool", "token").equals("avg"),
                    json.number("drop_rate", 0),
                    json.number("drop_path_rate", 0),
                    json.labelCount());
            String pool = json.text("global_pool", "token");
            if (imgSize % patchSize != 0 || !List.of("token", "avg").contains(pool) || regTokens < 0) {
                throw new TailorException(json.source() + ": img_size must be a multiple of patch_size, global_pool"
                        + " \"token\" or \"avg\" and reg_tokens not negative; found " + imgSize + ", " + patchSize
                        + ", \"" + pool + "\" and " + regTokens);
            }
        }

        long prefixes() {
            return (classToken ? 1 : 0) + (distilled ? 1 : 0) + regTokens;
        }
    }

    /** The side of a picture: said so, or of the pictures that the weights were made for. */
    static long imageSize(ModelConfig json) {
        List<Long> input = json.object("pretrained_cfg").integers("input_size", List.of(3L, 224L, 224L));
        long usual = json.modelType().startsWith("timm/") && json.has("pretrained_cfg")
                ? input.get(input.size() - 1)
                : json.integer("min_size", 224);
        return json.width("img_size", json.width("image_size", usual));
    }

    static Map<String, Value> build(Scope root, Config c, Names names, Head head) {
        Scope scope = root.initializer(INIT);
        Value pixels = ImageHead.pixels(scope, c.inChans(), c.imgSize(), c.imgSize());
        Value x = embeddings(scope, c, names, pixels);
        for (int i = 0; i < c.depth(); i++) {
            double dropPath = Residual.dropPath(c.dropPathRate(), i, c.depth());
            x = scope.hiddenState(layer(scope, c, names, String.format(names.block(), i), x, dropPath));
        }
        // Averaged patches are normalised as averages.
        Value states = c.meanPool() ? x : scope.layerNorm(names.norm(), x, EPSILON);
        Value features = c.meanPool()
                ? scope.layerNorm(
                        "fc_norm",
                        states.slice(1, c.prefixes(), states.size(1).constant()).mean(false, 1),
                        EPSILON)
                : states.select(1, 0);
        Map<String, Value> outputs =
                ImageHead.outputs(scope, head, states, features, names.head(), c.labels(), c.dropout());
        if (c.distilled() && head != Head.BASE) {
            Value second = scope.linear(names.head() + "_dist", states.select(1, 1), c.labels());
            outputs.computeIfPresent("logits", (key, first) -> first.add(second).div(2));
        }
        return outputs;
    }

    private static Value embeddings(Scope scope, Config c, Names names, Value pixels) {
        Sides patch = new Sides(c.patchSize(), c.patchSize());
        Value x = Tokens.of(Tokens.patches(scope, names.patches(), pixels, c.embedDim(), patch));
        long patches = x.size(1).constant();
        @Nullable Value prefix = null;
        if (c.classToken()) {
            prefix = token(scope, names.token(), 1, pixels, c);
        }
        if (c.distilled()) {
            prefix = join(prefix, token(scope, "dist_token", 1, pixels, c));
        }
        if (c.regTokens() > 0) {
            prefix = join(prefix, token(scope, "reg_token", c.regTokens(), pixels, c));
        }
        long rows = patches + (c.noEmbedClass() ? 0 : c.prefixes());
        Value positions = scope.weight(names.positions(), INIT, 1, rows, c.embedDim());
        if (c.noEmbedClass() || prefix == null) {
            return join(prefix, x.add(positions));
        }
        return join(prefix, x).add(positions);
    }

    private static Value token(Scope scope, String name, long count, Value pixels, Config c) {
        return Tokens.special(scope, name, INIT, count, c.embedDim(), pixels.size(0));
    }

    private static Value join(@Nullable Value first, Value second) {
        return first == null ? second : first.concat(1, second);
    }

    private static Value layer(Scope scope, Config c, Names names, String path, Value x, double dropPath) {
        long width = c.embedDim();
        Value normed = scope.layerNorm(path + names.norm1(), x, EPSILON);
        Value weight = scope.weight(path + names.qkvWeight(), INIT, 3 * width, width);
        Value bias = c.qkvBias() ? scope.weight(path + names.qkvBias(), Init.zeros(), 3 * width) : null;
        Value attended = FusedAttention.apply(scope, scope.linear(normed, weight, bias), c.numHeads(), null, 0);
        Value branch = scaled(scope, c, path + "ls1.gamma", scope.linear(path + names.projection(), attended, width));
        Value y = x.add(scope.dropPath(branch, dropPath));
        Value inner = scope.linear(
                path + names.first(), scope.layerNorm(path + names.norm2(), y, EPSILON), (long) (c.mlpRatio() * width));
        Value out = scope.linear(path + names.second(), Activation.apply("gelu", inner), width);
        return y.add(scope.dropPath(scaled(scope, c, path + "ls2.gamma", out), dropPath));
    }

    private static Value scaled(Scope scope, Config c, String name, Value x) {
        return c.layerScale() ? x.mul(scope.weight(name, new Init.Constant(1e-5), c.embedDim())) : x;
    }
}
