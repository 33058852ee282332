package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.Hubs;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundledHubTest {
    @TempDir
    Path temporary;

    @Test
    void unpacks_once_into_a_folder_named_by_content() throws IOException {
        var hub = new BundledHub(Environment.of(Map.of("TAILOR_HOME", temporary.toString())));
        Snapshot snapshot = hub.fetch(ModelId.parse("bundled:tiny"), FetchRequest.defaults());

        assertThat(snapshot.root().getParent()).isEqualTo(temporary.resolve("bundled"));
        assertThat(snapshot.root().getFileName().toString()).matches("tiny-[0-9a-f]{16}");
        assertThat(snapshot.files()).containsExactly("1_Pooling/config.json", "config.json");
        assertThat(snapshot.require("config.json")).hasContent("{\"model_type\":\"tiny\"}\n");
        Object first = Files.readAttributes(snapshot.root(), "*").get("creationTime");

        Snapshot again =
                hub.fetch(ModelId.parse("bundled:tiny"), FetchRequest.defaults().withOffline(true));
        assertThat(again.root()).isEqualTo(snapshot.root());
        assertThat(Files.readAttributes(again.root(), "*").get("creationTime")).isEqualTo(first);
    }

    @Test
    void replaces_a_damaged_folder() throws IOException {
        FetchRequest request = FetchRequest.defaults().withCache(temporary);
        Snapshot snapshot = Hubs.fetch(ModelId.parse("bundled:tiny"), request);
        Files.writeString(snapshot.require("config.json"), "cut");

        assertThat(Hubs.fetch(ModelId.parse("bundled:tiny"), request).require("config.json"))
                .hasContent("{\"model_type\":\"tiny\"}\n");
        assertThat(temporary.resolve("bundled")).isDirectoryContaining("glob:**/tiny-*");
        assertThat(temporary.resolve("bundled").toFile().list()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bundled:", "bundled:tny", "bundled:../tiny"})
    void lists_the_known_names_for_an_unknown_one(String id) {
        assertThatThrownBy(() -> new BundledHub()
                        .fetch(ModelId.parse(id), FetchRequest.defaults().withCache(temporary)))
                .hasMessageContaining("On the class path are: pictograms, tiny");
    }
}
