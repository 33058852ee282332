package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.json.Json;
import dev.tailor.task.FeatureMap;
import dev.tailor.task.FeatureMapper;
import dev.tailor.zoo.testing.ModelCopy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureMapsTest {
    private static final Path PICTURE = ModelCopy.recorded("image/images/rgb-97x61.png");

    @TempDir
    Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"vit-model", "resnet-bottleneck", "swin", "convnext", "mobilevit"})
    void maps_are_the_hidden_states_of_the_reference(String name) throws IOException {
        JsonObject expected = Json.readObject(ModelCopy.recorded("pictures/feature-maps.json"))
                .getAsJsonObject(name);
        prepared("hf/" + name, expected.get("size").getAsInt());
        try (FeatureMapper mapper = Pretrained.from(temporary).threads(1).load(Task.IMAGE_FEATURE_MAPS)) {
            List<FeatureMap> maps = mapper.maps(PICTURE);
            JsonArray states = expected.getAsJsonArray("states");
            assertThat(maps).hasSize(states.size());
            for (int i = 0; i < maps.size(); i++) {
                check(maps.get(i), states.get(i).getAsJsonObject());
            }
            try (InputStream in = Files.newInputStream(PICTURE)) {
                assertThat(mapper.maps(in)).isEqualTo(maps);
            }
        }
    }

    private static void check(FeatureMap map, JsonObject expected) {
        assertThat(map.shape())
                .containsExactlyElementsOf(expected.getAsJsonArray("shape").asList().stream()
                        .map(side -> side.getAsLong())
                        .toList());
        double sum = 0;
        for (float value : map.values()) {
            sum += (double) value * value;
        }
        double norm = expected.get("norm").getAsDouble();
        assertThat(Math.sqrt(sum)).isCloseTo(norm, within(1e-4 * norm));
        expected.getAsJsonArray("at").forEach(pair -> {
            double value = pair.getAsJsonArray().get(1).getAsDouble();
            assertThat((double) map.values()[pair.getAsJsonArray().get(0).getAsInt()])
                    .isCloseTo(value, within(1e-4 * Math.max(1, Math.abs(value))));
        });
    }

    @Test
    void a_family_that_tells_none_is_refused_by_name() {
        prepared("hf/bert-model", 32);
        assertThatThrownBy(() -> Pretrained.from(temporary).load(Task.IMAGE_FEATURE_MAPS))
                .isInstanceOf(TailorException.class)
                .hasMessageContainingAll("BertModel", "does not tell its intermediate states");
    }

    @Test
    void elements_are_found_by_their_indices() {
        FeatureMap map = new FeatureMap(List.of(2L, 3L), new float[] {0, 1, 2, 3, 4, 5});
        assertThat(map.at(1, 2)).isEqualTo(5);
        assertThat(map).isEqualTo(new FeatureMap(List.of(2L, 3L), new float[] {0, 1, 2, 3, 4, 5}));
        assertThatThrownBy(() -> map.at(2, 0))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> map.at(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FeatureMap(List.of(2L), new float[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 values");
    }

    private void prepared(String name, int size) {
        ModelCopy.of(name, temporary)
                .write(
                        "preprocessor_config.json",
                        "{\"image_processor_type\": \"ViTImageProcessor\", \"do_resize\": true, \"size\": {\"height\": "
                                + size + ", \"width\": " + size + "}, \"resample\": 2, \"do_rescale\": true,"
                                + " \"rescale_factor\": 0.00392156862745098, \"do_normalize\": false}");
    }
}
