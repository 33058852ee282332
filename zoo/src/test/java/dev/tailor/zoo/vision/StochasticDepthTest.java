package dev.tailor.zoo.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tailor.Registry;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.program.Architecture;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op;
import dev.tailor.program.TracedModel;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Branches are dropped while training at the rates that the libraries give them. Those of torchvision and of timm's ViT were read off
 * their modules, those of timm's other families follow the formula in its source.
 */
class StochasticDepthTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "torchvision/swin_t | \"depths\": [1, 2], \"num_heads\": [1, 1] | 0.1 0.1 0.2 0.2",
                "torchvision/convnext_small | \"depths\": [2, 1], \"dims\": [8, 8] | 0.2 0.4",
                "torchvision/efficientnet_b0 | \"drop_rate\": 0, \"block_args\": [\"ds_r1_k3_s1_c8\", \"ir_r3_k3_s2_c8\"]"
                        + " | 0.1 0.15",
                "torchvision/vit_b_16 | \"depth\": 3 |",
                "torchvision/resnet50 | \"layers\": [1, 1], \"channels\": [8, 8] |",
                "timm/vit_tiny_patch16_224 | \"depth\": 3, \"drop_path_rate\": 0.1 | 0.05 0.05 0.1 0.1",
                "timm/convnext_atto | \"depths\": [2, 1], \"dims\": [8, 8], \"drop_path_rate\": 0.1 | 0.05 0.1",
                "timm/resnet26d | \"layers\": [2, 1], \"channels\": [8, 8], \"model_args\": {\"drop_path_rate\": 0.3}"
                        + " | 0.15 0.3",
                "timm/regnety_002 | \"wa\": 8, \"w0\": 8, \"wm\": 2.0, \"depth\": 3, \"group_size\": 4, \"drop_path_rate\": 0.1"
                        + " | 0.05 0.1",
                "timm/mixer_s32_224 | \"num_blocks\": 2, \"drop_path_rate\": 0.1 | 0.1 0.1 0.1 0.1"
            })
    void rates_are_those_of_the_library(String type, String keys, String rates) {
        ModelConfig config =
                ModelConfig.parse("{\"model_type\": \"" + type + "\", \"num_classes\": 2, " + keys + "}", "the config");
        Architecture architecture = Registry.architecture(config);
        TracedModel model = TracedModel.of(
                        architecture, config, architecture.head(config), Checkpoint.empty(), "the model")
                .renewAll()
                .trace();
        double[] dropped = model.program().main().nodes().stream()
                .filter(node -> node.op() instanceof Op.Dropout)
                .mapToDouble(node -> ((Op.Dropout) node.op()).probability())
                .toArray();
        double[] expected = rates == null
                ? new double[0]
                : Arrays.stream(rates.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
        assertThat(dropped).containsExactly(expected, within(1e-12));
    }
}
