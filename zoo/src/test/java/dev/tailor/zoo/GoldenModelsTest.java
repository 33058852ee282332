package dev.tailor.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.Precision;
import dev.tailor.Pretrained;
import dev.tailor.PretrainedModel;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.zoo.testing.Golden;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded model gives the outputs that transformers gave, in inference and through the DJL block. */
class GoldenModelsTest {

    static Stream<Golden> recorded() {
        return Stream.of("hf", "hf-v4", "own").flatMap(group -> Golden.all(group).stream());
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void outputs_are_those_of_the_reference(Golden golden) {
        try (PretrainedModel model = Pretrained.from(golden.folder()).threads(1).load();
                NDManager manager = model.newManager()) {
            golden.check(model.forward(golden.inputs(manager)));
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void the_block_computes_the_same_and_names_its_parameters_as_the_checkpoint(Golden golden) {
        Checkpoint checkpoint = Checkpoint.open(golden.folder());
        try (PretrainedModel model = Pretrained.from(golden.folder()).threads(1).load();
                NDManager manager = model.newManager()) {
            List<String> names = model.block().getParameters().keys();
            assertThat(names).isSubsetOf(checkpoint.names()).hasSizeGreaterThan(5);
            golden.checkBlock(model, manager);
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void bfloat16_stays_near_the_reference(Golden golden) {
        try (PretrainedModel model = Pretrained.from(golden.folder())
                        .precision(Precision.BFLOAT16)
                        .threads(1)
                        .load();
                NDManager manager = model.newManager()) {
            Map<String, NDArray> outputs = model.forward(golden.inputs(manager));
            assertThat(golden.cosine(outputs)).isGreaterThan(0.99);
        }
    }
}
