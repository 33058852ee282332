package dev.tailor.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.TaggingEvaluation;
import dev.tailor.task.WordTags;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.data.TaggedWords;
import dev.tailor.transfer.testing.Assets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fitting a token classifier. */
class TaggingTest {
    private static final Path BERT = Path.of("src/test/resources/golden/text/token-classification");

    @TempDir
    Path temporary;

    @Test
    void a_token_classifier_learns_and_the_saved_folder_answers_the_same() {
        Dataset<String, WordTags> train = travels(40, 1);
        Dataset<String, WordTags> held = travels(15, 2);
        try (var tuned = FineTuning.of(BERT, Task.TOKEN_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .epochs(12)
                .learningRate(5e-3)
                .batchSize(8)
                .validation(held)
                .seed(1)
                .fit(train)) {
            assertThat(tuned.labels()).containsExactly("B-person", "B-place", "I-place", "O");
            TaggingEvaluation evaluation = tuned.evaluate(held);
            assertThat(evaluation.score()).isGreaterThan(0.9);
            // Measured by the pipeline word by word, and by the loop token by token: the same.
            assertThat(tuned.history().get(11).scoreName()).isEqualTo("f1");
            assertThat(tuned.history().get(11).validationScore()).isEqualTo(evaluation.score());
            List<String> texts = new ArrayList<>();
            held.forEach(e -> texts.add(e.input()));
            tuned.save(temporary);
            try (var again = Pretrained.from(temporary).load(Task.TOKEN_CLASSIFICATION)) {
                assertThat(again.recognize(texts)).isEqualTo(tuned.predict(texts));
            }
        }
    }

    @Test
    void a_text_longer_than_the_network_reads_is_learnt_in_windows() {
        List<String> words = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            words.add(i % 6 == 5 ? "river" : "the");
            tags.add(i % 6 == 5 ? "B-place" : "O");
        }
        Dataset<String, WordTags> train =
                TaggedWords.asTexts(Dataset.of(List.of(Example.of(List.copyOf(words), List.copyOf(tags)))));
        try (var tuned = FineTuning.of(BERT, Task.TOKEN_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .epochs(20)
                .batchSize(1)
                .learningRate(5e-3)
                .fit(train)) {
            TaggingEvaluation evaluation = tuned.evaluate(train);
            assertThat(evaluation.words()).isEqualTo(60);
            assertThat(evaluation.micro().support()).isEqualTo(10);
            assertThat(evaluation.score()).isEqualTo(1);
        }
    }

    @Test
    void what_cannot_be_learnt_is_told() {
        Dataset<String, WordTags> mixed = sentence(List.of("we", "go"), List.of("B-x", "y"));
        assertThatThrownBy(() -> fit(mixed, Strategy.fullFineTuning()))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("[B-x] and [y]");
        Dataset<String, WordTags> empty = sentence(List.of("we", "go"), List.of("O", "O"));
        assertThatThrownBy(() -> fit(empty, Strategy.fullFineTuning()))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("one tag only");
        Dataset<String, WordTags> good = sentence(List.of("we", "go"), List.of("B-x", "O"));
        assertThatThrownBy(() -> fit(good, Strategy.featureExtraction()))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("lastLayers(0)");
        assertThatThrownBy(() -> FineTuning.of(BERT, Task.TOKEN_CLASSIFICATION)
                        .strategy(Strategy.fullFineTuning())
                        .validation(sentence(List.of("we"), List.of("B-y")))
                        .fit(good))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("[B-y]");
    }

    @Test
    void real_tweets_train_and_evaluate_from_a_small_random_encoder() throws Exception {
        Path folder = Assets.asset("data-wnut17-ner");
        Dataset<String, WordTags> train = conll(folder.resolve("wnut17train.conll"), 150);
        Dataset<String, WordTags> held = conll(folder.resolve("emerging.dev.conll"), 60);
        try (var tuned = FineTuning.of(BERT, Task.TOKEN_CLASSIFICATION)
                .fromScratch()
                .epochs(2)
                .learningRate(5e-3)
                .validation(held)
                .fit(train)) {
            assertThat(tuned.history().get(1).trainLoss())
                    .isLessThan(0.8 * tuned.history().get(0).trainLoss());
            TaggingEvaluation evaluation = tuned.evaluate(held);
            assertThat(evaluation.accuracy()).isGreaterThan(0.8);
            assertThat(evaluation.micro().support()).isPositive();
            assertThat(tuned.history().get(1).validationScore()).isEqualTo(evaluation.score());
        }
    }

    private static void fit(Dataset<String, WordTags> data, Strategy strategy) {
        FineTuning.of(BERT, Task.TOKEN_CLASSIFICATION)
                .strategy(strategy)
                .fit(data)
                .close();
    }

    private static Dataset<String, WordTags> sentence(List<String> words, List<String> tags) {
        return TaggedWords.asTexts(Dataset.of(List.of(Example.of(words, tags))));
    }

    /** "alice went from new york to paris": whoever begins travels, what follows a preposition is a place. */
    private static Dataset<String, WordTags> travels(int count, long seed) {
        Random random = new Random(seed);
        List<String> people = List.of("alice", "Bob", "zoe", "MAX");
        List<List<String>> places = List.of(List.of("Paris"), List.of("new", "york"), List.of("rio", "de", "janeiro"));
        List<Example<List<String>, List<String>>> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> words = new ArrayList<>(List.of(people.get(random.nextInt(4)), "went", "to"));
            List<String> tags = new ArrayList<>(List.of("B-person", "O", "O"));
            List<String> place = places.get(random.nextInt(3));
            for (int w = 0; w < place.size(); w++) {
                words.add(place.get(w));
                tags.add(w == 0 ? "B-place" : "I-place");
            }
            words.add(".");
            tags.add("O");
            examples.add(Example.of(List.copyOf(words), List.copyOf(tags)));
        }
        return TaggedWords.asTexts(Dataset.of(examples));
    }

    private static Dataset<String, WordTags> conll(Path file, int most) throws IOException {
        List<Example<List<String>, List<String>>> examples = new ArrayList<>();
        List<String> words = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] cells = line.strip().split("\t");
            if (cells.length == 2) {
                words.add(cells[0]);
                tags.add(cells[1]);
            } else if (!words.isEmpty() && examples.size() < most) {
                examples.add(Example.of(List.copyOf(words), List.copyOf(tags)));
                words.clear();
                tags.clear();
            }
        }
        return TaggedWords.asTexts(Dataset.of(examples));
    }
}
