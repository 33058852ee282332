package dev.tailor.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCardTest {
    @Test
    void reads_what_cards_use() {
        ModelCard card = ModelCard.parse("""
                ---
                # metadata
                license: apache-2.0  # free
                pipeline_tag: "text-classification"
                library_name: 'trans''formers'
                language: [en, de, "zh, Hant"]
                tags:
                - a
                  # between
                - "b: c"
                -   d # last
                datasets:
                  - sst2
                  - glue
                description: >-
                  Two
                  lines
                long: goes
                  on
                empty:
                url: https://example.org/x#y
                widget:
                - text: "I like it"
                  example_title: One
                model-index:
                - name: x
                  results:
                  - task: {type: t}
                license_name: own
                ---
                # Title

                Text
                """);
        assertThat(card.license()).contains("apache-2.0");
        assertThat(card.task()).contains("text-classification");
        assertThat(card.library()).contains("trans'formers");
        assertThat(card.all("language")).containsExactly("en", "de", "zh, Hant");
        assertThat(card.tags()).containsExactly("a", "b: c", "d");
        assertThat(card.all("datasets")).containsExactly("sst2", "glue");
        assertThat(card.first("description")).contains("Two lines");
        assertThat(card.first("long")).contains("goes on");
        assertThat(card.first("url")).contains("https://example.org/x#y");
        assertThat(card.first("license_name")).contains("own");
        assertThat(card.fields()).doesNotContainKeys("empty", "widget", "model-index");
        assertThat(card.text()).isEqualTo("# Title\n\nText");
    }

    @Test
    void names_a_licence_of_its_own() {
        assertThat(ModelCard.parse("---\nlicense: other\nlicense_name: llama3\n---\n")
                        .license())
                .contains("llama3");
        assertThat(ModelCard.parse("---\nlicense: other\n---").license()).contains("other");
        assertThat(ModelCard.parse("\uFEFF---\r\nlicense:\r\n- mit\r\n---\r\n").license())
                .contains("mit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "---", "--- \n", "---\nlicense: mit", "# Title", "text\n---\nlicense: mit\n---", "\n\n"})
    void takes_anything_else_for_prose(String text) {
        assertThat(ModelCard.parse(text).fields()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [", "a: {b: c}", "a: [x", "- a", ": b", "a:\n- [b]", "a: '", "a: \"", "{}"})
    void leaves_out_what_it_does_not_understand(String line) {
        ModelCard card = ModelCard.parse("---\n" + line + "\nlicense: mit\n---\n");
        assertThat(card.license()).contains("mit");
    }

    @Test
    void a_snapshot_tells_hub_licence_and_digests(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("README.md"), "---\nlicense: mit\n---\nHello");
        Files.writeString(folder.resolve("config.json"), "{}");
        Snapshot snapshot = new Snapshot("hf://org/name", folder, "");
        assertThat(snapshot.hub()).isEqualTo("hf");
        assertThat(snapshot.card().text()).isEqualTo("Hello");
        assertThat(snapshot.license()).contains("mit");
        assertThat(snapshot.withLicense("gpl-3.0").license()).contains("gpl-3.0");
        assertThat(snapshot.digests()).isEmpty();

        // printf '{}' | git hash-object --stdin
        Digest right = Digest.gitBlob("9e26dfeeb6e641a33dae4961196235bdb965b21b");
        assertThat(snapshot.withDigests(Map.of("config.json", right, "absent", right))
                        .verify())
                .isEmpty();
        Map<String, String> wrong =
                snapshot.withDigests(Map.of("README.md", right)).verify();
        assertThat(wrong.keySet()).isEqualTo(Map.of("README.md", "").keySet());
        assertThat(wrong.get("README.md")).contains("expected git blob 9e26dfee");
        Files.delete(folder.resolve("README.md"));
        assertThat(List.of(snapshot.license(), snapshot.card().task())).allMatch(java.util.Optional::isEmpty);
    }
}
