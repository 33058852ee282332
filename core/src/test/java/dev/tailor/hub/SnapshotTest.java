package dev.tailor.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
    @TempDir
    Path temporary;

    Path model;

    @BeforeEach
    void set_up() throws IOException {
        model = Files.createDirectories(temporary.resolve("model/sub")).getParent();
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("sub/b.txt"), "b");
        Files.writeString(temporary.resolve("outside.txt"), "x");
    }

    @Test
    void lists_and_finds_files() {
        Snapshot snapshot = Hubs.fetch(ModelId.of(model), FetchRequest.defaults());
        assertThat(snapshot.files()).containsExactly("config.json", "sub/b.txt");
        assertThat(snapshot.file("sub/b.txt")).contains(model.resolve("sub/b.txt"));
        assertThat(snapshot.file("sub")).isEmpty();
        assertThat(snapshot.revision()).isEmpty();
        assertThatThrownBy(() -> snapshot.require("model.safetensors"))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("config.json, sub/b.txt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../outside.txt", "sub/../../outside.txt", "/etc/passwd", "..\\outside.txt", "", ".", "a\0b"})
    void gives_nothing_outside_its_folder(String name) {
        assertThat(new Snapshot("file:x", model, "").file(name)).isEmpty();
        assertThatThrownBy(() -> RelativeName.resolve(model, name, "org/name"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("unsafe name");
    }

    @Test
    void wants_an_existing_folder() {
        ModelId missing = ModelId.of(temporary.resolve("missing"));
        assertThatThrownBy(() -> Hubs.fetch(missing, FetchRequest.defaults())).hasMessageContaining("does not exist");
        ModelId file = ModelId.of(temporary.resolve("outside.txt"));
        assertThatThrownBy(() -> Hubs.fetch(file, FetchRequest.defaults())).hasMessageContaining("give its folder");
    }

    @Test
    void names_the_missing_artifact_when_no_hub_is_there() {
        assertThatThrownBy(() -> Hubs.fetch(ModelId.parse("nohub://x"), FetchRequest.defaults()))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("\"nohub\"")
                .hasMessageContaining("Known schemes: file")
                .hasMessageContaining("dev.tailor:tailor-zoo");
    }
}
