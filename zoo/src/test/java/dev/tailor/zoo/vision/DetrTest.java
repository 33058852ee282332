package dev.tailor.zoo.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.TracedModel;
import dev.tailor.program.WeightSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetrTest {
    private static final String BACKBONE = "model.backbone.conv_encoder.model.";

    private static Map<String, WeightSpec> weights(String keys) {
        ModelConfig config = ModelConfig.parse("{\"model_type\": \"detr\", " + keys + "}", "the config");
        return TracedModel.of(Detr.ARCHITECTURE, config, Head.OBJECT_DETECTION, Checkpoint.empty(), "the model")
                .renewAll()
                .trace()
                .program()
                .weights();
    }

    @Test
    void published_checkpoints_keep_a_frozen_backbone_by_the_names_of_timm() {
        Map<String, WeightSpec> weights = weights("\"use_timm_backbone\": true, \"backbone\": \"resnet50\"");
        assertThat(weights.get(BACKBONE + "conv1.weight").role()).isEqualTo(WeightSpec.Role.PARAMETER);
        assertThat(weights.get(BACKBONE + "bn1.weight").role()).isEqualTo(WeightSpec.Role.BUFFER);
        assertThat(weights.get(BACKBONE + "layer4.2.conv3.weight").shape()).containsExactly(2048L, 512L, 1L, 1L);
        assertThat(weights.get(BACKBONE + "layer2.0.downsample.1.running_var").shape())
                .containsExactly(512L);
        assertThat(weights.get("model.input_projection.weight").shape()).containsExactly(256L, 2048L, 1L, 1L);
        assertThat(weights("\"backbone_config\": {\"model_type\": \"timm_backbone\", \"backbone\": \"resnet50\","
                        + " \"out_indices\": [1, 2, 3, 4]}"))
                .isEqualTo(weights);
        assertThat(weights("\"dilation\": true").keySet()).isEqualTo(weights.keySet());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"backbone\": \"swin_tiny\" | swin_tiny",
                "\"backbone_config\": {\"model_type\": \"swin\"} | swin",
                "\"backbone_config\": {\"model_type\": \"timm_backbone\", \"out_indices\": [3]} | out_indices",
                "\"backbone_config\": {\"model_type\": \"resnet\", \"out_features\": [\"stage9\"]} | out_features",
                "\"use_timm_backbone\": false, \"backbone\": \"microsoft/resnet-50\" | microsoft/resnet-50",
                "\"position_embedding_type\": \"rotary\" | rotary",
                "\"d_model\": 6, \"encoder_attention_heads\": 2, \"decoder_attention_heads\": 2 | multiple of 4"
            })
    void what_is_not_supported_is_refused_by_name(String keys, String named) {
        assertThatThrownBy(() -> weights(keys))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("the config")
                .hasMessageContaining(named);
    }
}
