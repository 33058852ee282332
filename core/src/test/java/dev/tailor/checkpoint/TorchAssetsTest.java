package dev.tailor.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Published files; skipped where {@code shared/assets} is not beside a parent of the working directory. */
class TorchAssetsTest {
    @Test
    void a_published_text_model_equals_its_safetensors() {
        Checkpoint expected = Checkpoint.open(asset("rxnmapper-albert-safetensors-derived"));
        Checkpoint found = Checkpoint.open(asset("rxnmapper-albert/hf"));

        // The one that was left out is a tied copy, which safetensors does not store twice.
        assertThat(found.names()).containsAll(expected.names());
        for (String name : expected.names()) {
            assertThat(found.info(name)).isEqualTo(expected.info(name));
            assertThat(found.bytes(name)).as(name).isEqualTo(expected.bytes(name));
        }
        assertThat(found.toString()).contains("pytorch_model.bin");
    }

    @Test
    void a_training_scripts_file_gives_network_and_accuracy() {
        Path file = asset("resnet-cifar10-th/resnet20-12fca82f.th");
        Checkpoint checkpoint = Checkpoint.open(file);

        assertThat(checkpoint.names()).hasSize(97).contains("conv1.weight", "linear.bias");
        assertThat(checkpoint.info("conv1.weight").orElseThrow()).hasToString("F32 [16, 3, 3, 3]");
        assertThat(PyTorch.data(file).get("best_prec1").orElseThrow().number()).hasValue(91.78000183105469);
    }

    @Test
    void published_networks_open_in_both_formats() {
        Checkpoint face = Checkpoint.open(asset("ultraface/version-slim-320.pth"));
        Checkpoint mobile = Checkpoint.open(asset("mobilenet-v1-0.25-derived/mobilenet_v1_025_224-e2d0e8d4.pth"));

        assertThat(face.names()).hasSize(184);
        assertThat(mobile.names()).hasSize(164);
        for (Checkpoint checkpoint : new Checkpoint[] {face, mobile}) {
            assertThat(checkpoint.names())
                    .allSatisfy(name -> assertThat(checkpoint.floats(name))
                            .doesNotContain(Float.NaN)
                            .hasSize((int) checkpoint.info(name).orElseThrow().elements()));
        }
    }

    static Path asset(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path found = at.resolve("shared").resolve("assets").resolve(name);
            if (Files.exists(found)) {
                return found;
            }
        }
        assumeTrue(false, "There is no shared/assets/" + name + " beside a parent of the working directory");
        throw new AssertionError();
    }
}
