package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.Residual;
import dev.tailor.zoo.nn.Sides;
import dev.tailor.zoo.nn.Tokens;
import java.util.Map;

/** MLP-Mixer (Tolstikhin et al. 2021, arXiv 2105.01601), after timm's {@code mlp_mixer.py}. */
public final class MlpMixer {
    private static final String VARIANTS = """
            mixer_s32_224 {"patch_size":32,"num_blocks":8,"embed_dim":512}
            mixer_s16_224 {"patch_size":16,"num_blocks":8,"embed_dim":512}
            mixer_b32_224 {"patch_size":32,"num_blocks":12,"embed_dim":768}
            mixer_b16_224 {"patch_size":16,"num_blocks":12,"embed_dim":768}
            mixer_l32_224 {"patch_size":32,"num_blocks":24,"embed_dim":1024}
            mixer_l16_224 {"patch_size":16,"num_blocks":24,"embed_dim":1024}
            """;

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "timm/mlp_mixer", "TimmMlpMixer", Config::new, MlpMixer::build)
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("head")
            .variants("timm", VARIANTS);

    private static final double EPSILON = 1e-6;

    private MlpMixer() {}

    /** timm's arguments of the network. */
    record Config(
            long imgSize,
            long inChans,
            long patchSize,
            long numBlocks,
            long embedDim,
            double dropout,
            double dropPathRate,
            int labels) {
        Config(ModelConfig json) {
            this(
                    TorchVit.imageSize(json),
                    json.width("in_chans", 3),
                    json.width("patch_size", 16),
                    json.layers("num_blocks", 8),
                    json.width("embed_dim", 512),
                    json.number("drop_rate", 0),
                    json.number("drop_path_rate", 0),
                    json.labelCount());
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(0.02));
        Value pixels = ImageHead.pixels(scope, c.inChans(), c.imgSize(), c.imgSize());
        Sides patch = new Sides(c.patchSize(), c.patchSize());
        Value x = Tokens.of(Tokens.patches(scope, "stem.proj", pixels, c.embedDim(), patch));
        for (int i = 0; i < c.numBlocks(); i++) {
            Scope block = scope.sub("blocks", i);
            Value turned = block.layerNorm("norm1", x, EPSILON).transpose(1, 2);
            Value mixed = Residual.mlp(block, "mlp_tokens.fc1", "mlp_tokens.fc2", turned, c.embedDim() / 2, "gelu");
            x = x.add(block.dropPath(mixed.transpose(1, 2), c.dropPathRate()));
            Value normed = block.layerNorm("norm2", x, EPSILON);
            Value inner = Residual.mlp(block, "mlp_channels.fc1", "mlp_channels.fc2", normed, 4 * c.embedDim(), "gelu");
            // The same for all blocks, as timm has it.
            x = x.add(block.dropPath(inner, c.dropPathRate()));
        }
        Value states = scope.layerNorm("norm", x, EPSILON);
        return ImageHead.outputs(scope, head, states, states.mean(false, 1), "head", c.labels(), c.dropout());
    }
}
