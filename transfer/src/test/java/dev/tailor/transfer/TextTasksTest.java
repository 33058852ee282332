package dev.tailor.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.program.ModelConfig;
import dev.tailor.task.TextPair;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fitting text classifiers of other kinds than one label for one text. */
class TextTasksTest {
    private static final Path BERT = Path.of("src/test/resources/golden/text/text-classification");
    private static final List<String> THINGS = List.of("tree", "house", "river", "night");

    @TempDir
    Path temporary;

    @Test
    void several_labels_at_once_are_learnt() {
        Random random = new Random(5);
        List<Example<String, Set<String>>> examples = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Set<String> labels = new TreeSet<>();
            List<String> words = new ArrayList<>(List.of("the", "story"));
            for (String thing : THINGS) {
                if (random.nextInt(3) == 0) {
                    words.add(thing);
                    labels.add("of " + thing);
                }
            }
            examples.add(Example.of(String.join(" ", words), labels));
        }
        Dataset<String, Set<String>> data = Dataset.of(examples);
        try (var tuned = FineTuning.of(BERT, Task.MULTI_LABEL_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .epochs(20)
                .learningRate(4e-3)
                .batchSize(10)
                .validation(data)
                .seed(1)
                .fit(data)) {
            assertThat(tuned.labels()).containsExactly("of house", "of night", "of river", "of tree");
            assertThat(tuned.evaluate(data).score()).isGreaterThan(0.9);
            assertThat(tuned.history().get(19).validationScore())
                    .isEqualTo(tuned.evaluate(data).score());
            tuned.save(temporary);
            assertThat(ModelConfig.read(temporary.resolve("config.json")).text("problem_type", ""))
                    .isEqualTo("multi_label_classification");
            String text = "the story tree river";
            try (var again = Pretrained.from(temporary).load(Task.MULTI_LABEL_CLASSIFICATION)) {
                assertThat(again.classify(text)).isEqualTo(tuned.predict(text));
                assertThat(again.labelsOf(text)).containsExactlyInAnyOrder("of river", "of tree");
            }
            // The config says by itself that each label stands alone.
            try (var plain = Pretrained.from(temporary).load(Task.TEXT_CLASSIFICATION)) {
                assertThat(plain.classify(text)).isEqualTo(tuned.predict(text));
            }
        }
    }

    @Test
    void features_serve_several_labels_and_numbers_too() {
        Dataset<String, Set<String>> sets = Dataset.of(THINGS, t -> Set.of(t.equals("tree") ? "plant" : "thing"));
        try (var tuned = FineTuning.of(BERT, Task.MULTI_LABEL_CLASSIFICATION)
                .epochs(60)
                .learningRate(5e-2)
                .weightDecay(0)
                .fit(sets)) {
            assertThat(tuned.evaluate(sets).exact()).isEqualTo(1);
        }
        Dataset<String, Double> numbers = Dataset.of(THINGS, t -> (double) t.length());
        try (var tuned = FineTuning.of(BERT, Task.TEXT_REGRESSION)
                .epochs(300)
                .learningRate(5e-2)
                .weightDecay(0)
                .fit(numbers)) {
            assertThat(tuned.evaluate(numbers).meanAbsoluteError()).isLessThan(0.3);
        }
    }

    @Test
    void numbers_are_learnt() {
        List<Example<String, Double>> examples = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            examples.add(Example.of("the " + "tree ".repeat(i % 5) + "story", i % 5 / 2.0));
        }
        Dataset<String, Double> data = Dataset.of(examples);
        try (var tuned = FineTuning.of(BERT, Task.TEXT_REGRESSION)
                .strategy(Strategy.fullFineTuning())
                .epochs(20)
                .learningRate(4e-3)
                .batchSize(8)
                .validation(data)
                .seed(1)
                .fit(data)) {
            assertThat(tuned.labels()).isEmpty();
            assertThat(tuned.evaluate(data).score()).isGreaterThan(0.95);
            assertThat(tuned.evaluate(data).meanAbsoluteError()).isLessThan(0.3);
            tuned.save(temporary);
            try (var again = Pretrained.from(temporary).load(Task.TEXT_REGRESSION)) {
                List<String> texts = List.of("the story", "the tree tree story");
                assertThat(again.values(texts)).isEqualTo(tuned.predict(texts));
            }
            try (var plain = Pretrained.from(temporary).load(Task.TEXT_CLASSIFICATION)) {
                assertThat(plain.classify("the story").best().score()).isEqualTo(tuned.predict("the story"));
            }
        }
    }

    @Test
    void pairs_are_learnt_with_labels_and_with_numbers() {
        Random random = new Random(3);
        List<Example<TextPair, String>> labelled = new ArrayList<>();
        List<Example<TextPair, Double>> scored = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String second = THINGS.get(random.nextInt(2));
            TextPair pair = new TextPair("the story", "the " + second);
            labelled.add(Example.of(pair, second.equals("tree") ? "plant" : "building"));
            scored.add(Example.of(pair, second.equals("tree") ? 1.0 : -1.0));
        }
        try (var tuned = FineTuning.of(BERT, Task.TEXT_PAIR_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .epochs(4)
                .learningRate(3e-3)
                .batchSize(8)
                .fit(Dataset.of(labelled))) {
            assertThat(tuned.evaluate(Dataset.of(labelled)).accuracy()).isEqualTo(1);
            tuned.save(temporary);
            try (var again = Pretrained.from(temporary).load(Task.TEXT_PAIR_CLASSIFICATION)) {
                assertThat(again.classify("the story", "the tree"))
                        .isEqualTo(tuned.predict(new TextPair("the story", "the tree")));
            }
        }
        try (var tuned = FineTuning.of(BERT, Task.TEXT_PAIR_REGRESSION)
                .strategy(Strategy.fullFineTuning())
                .epochs(4)
                .learningRate(3e-3)
                .batchSize(8)
                .fit(Dataset.of(scored))) {
            assertThat(tuned.evaluate(Dataset.of(scored)).score()).isGreaterThan(0.95);
        }
    }

    @Test
    void what_does_not_fit_is_told() {
        Dataset<String, Double> endless = Dataset.of(THINGS, t -> Double.POSITIVE_INFINITY);
        assertThatThrownBy(() -> FineTuning.of(BERT, Task.TEXT_REGRESSION).fit(endless))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("Infinity");
        Dataset<String, Double> numbers = Dataset.of(THINGS, t -> 1.0);
        assertThatThrownBy(() -> FineTuning.of(BERT, Task.TEXT_REGRESSION)
                        .labelSmoothing(0.1)
                        .fit(numbers))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("a regression has none");
        Dataset<String, Set<String>> none = Dataset.of(THINGS, t -> Set.of());
        assertThatThrownBy(() ->
                        FineTuning.of(BERT, Task.MULTI_LABEL_CLASSIFICATION).fit(none))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("no example");
        try (var pretrained = Pretrained.from(BERT).load()) {
            assertThat(pretrained.config().labelCount()).isGreaterThan(1);
        }
        assertThatThrownBy(() -> Pretrained.from(BERT).load(Task.TEXT_REGRESSION))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("exactly one");
    }
}
