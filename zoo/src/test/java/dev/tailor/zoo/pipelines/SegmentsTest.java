package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.TextClassifier;
import dev.tailor.zoo.testing.ModelCopy;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The network hears about the second text of a pair where the reference's tokenizer of that class would tell it. */
class SegmentsTest {
    /** With no segments the recorded score; with them what transformers gives for BertTokenizer. */
    private static final double UNTOLD = 0.81957;

    private static final double TOLD = 0.78649;

    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"PreTrainedTokenizerFast\" | false",
                "\"DistilBertTokenizerFast\" | false",
                "\"BertTokenizer\" | true",
                "\"BertTokenizerFast\" | true",
                "null | true",
                "\"BertTokenizer\", \"model_input_names\": [\"input_ids\", \"attention_mask\"] | false",
                "\"TokenizersBackend\", \"model_input_names\": [\"input_ids\", \"token_type_ids\"] | true",
            })
    void the_tokenizer_decides_about_segments(String setting, boolean told) {
        ModelCopy copy = ModelCopy.of("text/text-classification", temporary.resolve("model"))
                .replace("tokenizer_config.json", "\"TokenizersBackend\"", setting);
        try (TextClassifier classifier =
                Pretrained.from(copy.folder()).threads(1).load(Task.TEXT_CLASSIFICATION)) {
            double score = classifier
                    .classify("Why is the sky blue?", "A small company sells hand made shoes.")
                    .score("POSITIVE");
            assertThat(score).isCloseTo(told ? TOLD : UNTOLD, within(1e-4));
        }
    }
}
