package dev.tailor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelIdTest {
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            hf://org/name,                        org/name, -,            ''
            hf://gpt2,                            gpt2,     -,            ''
            hf://gpt2@v1,                         gpt2,     v1,           ''
            hf://org/name@v1.0,                   org/name, v1.0,         ''
            hf://org/name@refs/pr/1,              org/name, refs/pr/1,    ''
            hf://org/name@refs%2Fpr%2F1,          org/name, refs/pr/1,    ''
            hf://org/name@feature%2Fx/sub/folder, org/name, feature/x,    sub/folder
            hf://org/name@refs/convert/parquet/a, org/name, refs/convert/parquet, a
            hf://org/name/sub/folder/,            org/name, -,            sub/folder
            hf://models/org/name@main,            org/name, main,         ''
            HF://Org_1/Na-me.x,                   Org_1/Na-me.x, -,       ''
            """)
    void reads_hugging_face_ids(String text, String path, String revision, String folder) {
        ModelId id = ModelId.parse(text);
        assertThat(id).isEqualTo(new ModelId("hf", path, revision, folder));
        assertThat(ModelId.parse(id.toString())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf://",
                "hf:///name",
                "hf://org/",
                "hf://org/na me",
                "hf://org/a--b",
                "hf://org/a..b",
                "hf://org/name.git",
                "hf://-org/name",
                "hf://org/name@",
                "hf://org/name@a%2F..%2Fb",
                "hf://org/name@a:b",
                "hf://org/name/../x",
                "hf://org/name/a%2Fb",
                "hf://org/name/%2e%2e",
                "hf://datasets/org/name",
                "hf://org/name@%zz",
                "hf://org/name@%2Fa"
            })
    void refuses_wrong_hugging_face_ids(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelId.parse(text))
                .withMessageContaining(text);
    }

    @Test
    void refuses_an_id_without_a_scheme_and_shows_the_right_forms() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelId.parse("org/name"))
                .withMessageContaining("\"hf://org/name\"")
                .withMessageContaining("Path.of(\"org/name\")")
                .withMessageContaining("\"file:org/name\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelId.parse("./models/x"))
                .withMessageContaining("\"file:./models/x\"")
                .withMessageNotContaining("hf://");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelId.parse("C:\\models"))
                .withMessageContaining("file:C:/models");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelId.parse(" "))
                .withMessageContaining("empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelId.parse("https://huggingface.co/org/name"))
                .withMessageContaining("hf://org/name");
    }

    @Test
    void reads_folders() {
        ModelId id = ModelId.parse("file:/models/my%20model");
        assertThat(id)
                .isEqualTo(ModelId.parse("file:///models/my model"))
                .isEqualTo(ModelId.of(Path.of("/models/my model")));
        assertThat(id.toPath()).isEqualTo(Path.of("/models/my model").toAbsolutePath());
        assertThat(id).hasToString("file:/models/my%20model");
        assertThat(ModelId.parse(ModelId.of(Path.of("/a/50%/ü")).toString()).toPath())
                .isEqualTo(Path.of("/a/50%/ü").toAbsolutePath());
        assertThat(ModelId.parse("file:some/folder").toPath())
                .isEqualTo(Path.of("some/folder").toAbsolutePath());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelId.parse("file://models/x"))
                .withMessageContaining("the host \"models\"");
        assertThatIllegalArgumentException().isThrownBy(() -> ModelId.parse("file:"));
    }

    @Test
    void keeps_other_schemes_as_they_are() {
        assertThat(ModelId.parse("torchhub://pytorch/vision/resnet18"))
                .isEqualTo(new ModelId("torchhub", "pytorch/vision/resnet18", null, ""))
                .hasToString("torchhub://pytorch/vision/resnet18");
        assertThat(ModelId.parse("github://owner/repo@tag/asset").path()).isEqualTo("owner/repo@tag/asset");
        assertThat(ModelId.parse("bundled:name")).hasToString("bundled:name");
        assertThat(ModelId.parse("bundled:").path()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> ModelId.parse("kaggle://"));
        assertThatIllegalArgumentException().isThrownBy(() -> ModelId.parse("kaggle://a\nb"));
    }

    @Test
    void reads_a_web_address_with_its_digest() {
        String digest = "0123456789abcdef".repeat(4);
        ModelId id =
                ModelId.parse("https://Host.example:8443/a%20b/m.bin?x=1#sha256=" + digest.toUpperCase(Locale.ROOT));
        assertThat(id)
                .isEqualTo(new ModelId("https", "Host.example:8443/a%20b/m.bin?x=1", "sha256=" + digest, ""))
                .hasToString("https://Host.example:8443/a%20b/m.bin?x=1#sha256=" + digest);
        assertThat(ModelId.parse(id.toString())).isEqualTo(id);
        assertThat(ModelId.parse("https://host/m.bin#unverified").revision()).isEqualTo("unverified");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://host/m.bin                | #sha256=<64 hex digits>
            https://host/m.bin#               | must end with #sha256=
            https://host/m.bin#sha256=abc     | must end with #sha256=
            https://host/m.bin#md5=abc        | found "#md5=abc"
            https://host/#unverified          | names no file
            https://host#unverified           | names no file
            https:///m.bin#unverified         | names no host
            https://a_b/m.bin#unverified      | names no host
            https://host/m n.bin#unverified   | is no valid web address
            http://host/m.bin#unverified      | without encryption
            """)
    void refuses_web_addresses_that_do_not_say_what_the_file_is(String text, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelId.parse(text))
                .withMessageContaining(text)
                .withMessageContaining(said);
    }

    @Test
    void never_repeats_the_password_of_a_web_address() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelId.parse("https://me:secret@host/m.bin"))
                .withMessageContaining("password")
                .withMessageNotContaining("secret");
    }
}
