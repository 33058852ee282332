package dev.tailor.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.Embedding;
import dev.tailor.task.EmbeddingEvaluation;
import dev.tailor.task.Likeness;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fitting an embedder. */
class EmbeddingTuningTest {
    private static final Path SENTENCE = Path.of("src/test/resources/golden/text/sentence-mean-normalized");
    private static final Path BERT = Path.of("src/test/resources/golden/text/text-classification");
    private static final List<String> THINGS = List.of("tree", "house", "river", "night");

    @TempDir
    Path temporary;

    /** What {@code src/test/python/embedding_losses.py} prints for the two models. */
    @ParameterizedTest
    @CsvSource({
        "normalized, ranking, 1.0519232",
        "normalized, cosine, 0.4732747",
        "normalized, triplet, 4.9605546",
        "plain, ranking, 1.6524372",
        "plain, cosine, 0.3783786",
        "plain, triplet, 4.9999509"
    })
    void losses_are_those_of_sentence_transformers(String model, String loss, double expected) {
        List<String> anchors = List.of("the old house", "a dark night", "we sing songs");
        List<String> positives = List.of("a house by the river", "the night was dark", "singing");
        List<String> negatives = List.of("winter", "the house", "the river and the tree");
        double[] scores = {0.9, 0.5, -0.2};
        List<Example<String, Likeness>> examples = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Likeness target = switch (loss) {
                case "ranking" -> new Likeness.Positive(positives.get(i));
                case "cosine" -> new Likeness.Scored(positives.get(i), scores[i]);
                default -> new Likeness.Triplet(positives.get(i), negatives.get(i));
            };
            examples.add(Example.of(anchors.get(i), target));
        }
        Dataset<String, Likeness> data = Dataset.of(examples);
        // A step that changes next to nothing: the loss on the validation data is that of the model as it came.
        try (var tuned = FineTuning.of(model.equals("plain") ? BERT : SENTENCE, Task.TEXT_EMBEDDING)
                .strategy(Strategy.fullFineTuning())
                .epochs(1)
                .learningRate(1e-12)
                .validation(data)
                .fit(data)) {
            assertThat(tuned.history().get(0).validationLoss()).isEqualTo(expected, within(2e-5));
        }
    }

    @Test
    void positives_are_learnt_and_the_saved_folder_answers_the_same() {
        Random random = new Random(1);
        List<Example<String, Likeness>> examples = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String thing = THINGS.get(i % 4);
            String other = THINGS.get(random.nextInt(4));
            examples.add(Example.of("the " + thing + " story", new Likeness.Positive(other.length() + " " + thing)));
        }
        Dataset<String, Likeness> data = Dataset.of(examples.subList(0, 4));
        Dataset<String, Likeness> train = Dataset.of(examples);
        try (var tuned = FineTuning.of(BERT, Task.TEXT_EMBEDDING)
                .strategy(Strategy.fullFineTuning())
                .epochs(15)
                .learningRate(2e-3)
                .batchSize(4)
                .seed(1)
                .fit(train)) {
            EmbeddingEvaluation evaluation = tuned.evaluate(data);
            assertThat(evaluation.score()).isEqualTo(1);
            assertThat(tuned.history().get(14).trainLoss())
                    .isLessThan(0.7 * tuned.history().get(0).trainLoss());
            tuned.save(temporary);
            List<String> texts = List.of("the tree", "a river");
            try (var again = Pretrained.from(temporary).load(Task.TEXT_EMBEDDING)) {
                List<Embedding> vectors = again.embed(texts);
                List<Embedding> expected = tuned.predict(texts);
                for (int i = 0; i < 2; i++) {
                    assertThat(vectors.get(i).vector())
                            .isEqualTo(expected.get(i).vector());
                }
            }
        }
        assertThat(temporary.resolve("modules.json")).content().contains("models.Transformer", "1_Pooling");
        assertThat(temporary.resolve("1_Pooling/config.json")).content().contains("\"word_embedding_dimension\": 32");
    }

    @Test
    void scored_pairs_are_learnt_and_the_repository_keeps_its_steps() {
        List<Example<String, Likeness>> examples = new ArrayList<>();
        for (String first : THINGS) {
            for (String second : THINGS) {
                double score = first.equals(second) ? 1 : (first + second).contains("tree") ? 0.1 : 0.6;
                examples.add(Example.of("the " + first, new Likeness.Scored("one " + second, score)));
            }
        }
        Dataset<String, Likeness> data = Dataset.of(examples);
        try (var tuned = FineTuning.of(SENTENCE, Task.TEXT_EMBEDDING)
                .strategy(Strategy.fullFineTuning())
                .epochs(25)
                .learningRate(2e-3)
                .batchSize(4)
                .validation(data)
                .seed(1)
                .fit(data)) {
            assertThat(tuned.evaluate(data).score()).isGreaterThan(0.8);
            assertThat(tuned.history().get(24).validationLoss())
                    .isLessThan(0.5 * tuned.history().get(0).validationLoss());
            tuned.save(temporary);
        }
        assertThat(temporary.resolve("modules.json")).hasSameTextualContentAs(SENTENCE.resolve("modules.json"));
        assertThat(temporary.resolve("1_Pooling/config.json"))
                .hasSameTextualContentAs(SENTENCE.resolve("1_Pooling/config.json"));
    }

    @Test
    void triplets_are_learnt() {
        List<Example<String, Likeness>> examples = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String negative = "the " + THINGS.get((i + 1 + i / 8) % 4);
            examples.add(
                    Example.of("the " + THINGS.get(i % 4), new Likeness.Triplet("one " + THINGS.get(i % 4), negative)));
        }
        Dataset<String, Likeness> data = Dataset.of(examples);
        try (var tuned = FineTuning.of(BERT, Task.TEXT_EMBEDDING)
                .strategy(Strategy.lora(4))
                .epochs(15)
                .learningRate(5e-3)
                .batchSize(4)
                .seed(1)
                .fit(data)) {
            assertThat(tuned.evaluate(data).score()).isGreaterThan(0.9);
        }
    }

    @Test
    void targets_of_two_kinds_are_refused() {
        Dataset<String, Likeness> mixed =
                Dataset.of(THINGS, t -> t.equals("tree") ? new Likeness.Positive(t) : new Likeness.Scored(t, 0.5));
        assertThatThrownBy(() -> FineTuning.of(BERT, Task.TEXT_EMBEDDING).fit(mixed))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("[Positive, Scored]");
        Dataset<String, Likeness> fine = Dataset.of(THINGS, Likeness.Positive::new);
        assertThatThrownBy(() -> FineTuning.of(BERT, Task.TEXT_EMBEDDING).fit(fine))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("no features");
    }
}
