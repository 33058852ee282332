package dev.tailor.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import dev.tailor.Precision;
import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.DType;
import dev.tailor.task.Classification;
import dev.tailor.task.ImageClassifier;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.StepReport;
import dev.tailor.transfer.train.TrainingInterruptedException;
import dev.tailor.transfer.train.TrainingListener;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fitting as a user types it, on tiny networks. */
class FineTuningTest {
    private static final Path RESNET = Path.of("src/test/resources/golden/hf/resnet-basic");
    private static final Path BERT = Path.of("src/test/resources/golden/text/text-classification");

    @TempDir
    Path temporary;

    @Test
    void feature_extraction_learns_and_the_saved_folder_answers_the_same() throws Exception {
        Dataset<Image, String> train = shapes(20, 1);
        Dataset<Image, String> held = shapes(10, 2);
        Checkpoint before = Checkpoint.open(RESNET);
        try (var tuned = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                .strategy(Strategy.featureExtraction())
                .validation(held)
                .seed(3)
                .fit(train)) {
            assertThat(tuned.labels()).containsExactly("disc", "square", "stripes");
            assertThat(tuned.history()).hasSize(30).allMatch(EpochReport::validated);
            assertThat(tuned.evaluate(held).accuracy()).isGreaterThan(0.6);
            tuned.save(temporary);
            List<Image> pictures = inputs(held);
            try (ImageClassifier again = Pretrained.from(temporary).load(Task.IMAGE_CLASSIFICATION)) {
                assertThat(again.classify(pictures)).isEqualTo(tuned.predict(pictures));
                assertThat(again.labels()).isEqualTo(tuned.labels());
            }
        }
        Checkpoint after = Checkpoint.open(temporary);
        assertThat(after.names()).containsExactlyInAnyOrderElementsOf(before.names());
        for (String name : after.names()) {
            if (!name.startsWith("classifier") && !name.endsWith("num_batches_tracked")) {
                assertThat(after.floats(name)).as(name).isEqualTo(before.floats(name));
            }
        }
        assertThat(temporary.resolve("preprocessor_config.json"))
                .hasSameTextualContentAs(RESNET.resolve("preprocessor_config.json"));
    }

    @Test
    void full_fine_tuning_moves_all_weights_and_lowers_the_loss() {
        Dataset<Image, String> train = shapes(20, 1);
        try (var tuned = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .epochs(8)
                .learningRate(3e-3)
                .fit(train)) {
            List<EpochReport> history = tuned.history();
            assertThat(history.get(7).trainLoss())
                    .isLessThan(0.6 * history.get(0).trainLoss());
            tuned.save(temporary);
        }
        Checkpoint before = Checkpoint.open(RESNET);
        Checkpoint after = Checkpoint.open(temporary);
        assertThat(before.names())
                .filteredOn(n -> !n.endsWith("num_batches_tracked"))
                .allSatisfy(n -> assertThat(after.floats(n)).isNotEqualTo(before.floats(n)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_seed_repeats_bit_for_bit_on_one_thread(boolean full) {
        Dataset<String, String> train = sentences();
        List<List<Float>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (var tuned = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                    .strategy(full ? Strategy.fullFineTuning() : Strategy.featureExtraction())
                    .epochs(2)
                    .threads(1)
                    .seed(11)
                    .fit(train)) {
                tuned.save(temporary);
                Checkpoint saved = Checkpoint.open(temporary);
                List<Float> all = new ArrayList<>();
                for (String name : saved.names()) {
                    for (float value : saved.floats(name)) {
                        all.add(value);
                    }
                }
                runs.add(all);
            }
        }
        assertThat(runs.get(0).equals(runs.get(1))).isTrue();
    }

    @Test
    void a_text_classifier_learns_and_the_saved_folder_answers_the_same() {
        Dataset<String, String> train = sentences();
        try (var tuned = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .epochs(20)
                .learningRate(3e-3)
                .batchSize(8)
                .seed(1)
                .fit(train)) {
            List<EpochReport> history = tuned.history();
            assertThat(history.get(19).trainLoss())
                    .isLessThan(0.5 * history.get(0).trainLoss());
            assertThat(tuned.evaluate(train).accuracy()).isGreaterThan(0.9);
            List<Classification> answers = tuned.predict(inputs(train));
            tuned.save(temporary);
            try (var again = Pretrained.from(temporary).load(Task.TEXT_CLASSIFICATION)) {
                assertThat(again.classify(inputs(train))).isEqualTo(answers);
            }
        }
        assertThat(temporary.resolve("tokenizer.json")).exists();
    }

    @Test
    void brain_floats_while_training_leave_weights_and_pipeline_in_full() {
        var tuning = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .epochs(6)
                .learningRate(1e-3)
                .seed(3)
                .threads(1);
        try (var full = tuning.fit(sentences());
                var narrow = tuning.precision(Precision.BFLOAT16).fit(sentences())) {
            for (int i = 0; i < 6; i++) {
                double expected = full.history().get(i).trainLoss();
                assertThat(narrow.history().get(i).trainLoss())
                        .isNotEqualTo(expected)
                        .isCloseTo(expected, withinPercentage(5));
            }
            assertThat(narrow.run().recipe()).containsEntry("products of matrices in", "bfloat16");
            narrow.save(temporary);
            assertThat(Checkpoint.open(temporary)
                            .info("classifier.weight")
                            .orElseThrow()
                            .dtype())
                    .isEqualTo(DType.F32);
        }
    }

    @Test
    void from_scratch_does_not_need_weights() throws Exception {
        Files.copy(RESNET.resolve("config.json"), temporary.resolve("config.json"));
        Files.copy(RESNET.resolve("preprocessor_config.json"), temporary.resolve("preprocessor_config.json"));
        try (var tuned = FineTuning.of(temporary, Task.IMAGE_CLASSIFICATION)
                .fromScratch()
                .epochs(6)
                .learningRate(5e-3)
                .fit(shapes(20, 1))) {
            assertThat(tuned.history().get(5).trainLoss())
                    .isLessThan(tuned.history().get(0).trainLoss());
        }
    }

    @Test
    void saving_over_the_folder_it_came_from_keeps_the_model_usable() throws Exception {
        for (String name : List.of("config.json", "preprocessor_config.json", "model.safetensors")) {
            Files.copy(RESNET.resolve(name), temporary.resolve(name));
        }
        Dataset<Image, String> train = shapes(4, 1);
        try (var tuned =
                FineTuning.of(temporary, Task.IMAGE_CLASSIFICATION).epochs(1).fit(train)) {
            List<Classification> before = tuned.predict(inputs(train));
            tuned.save(temporary);
            assertThat(tuned.predict(inputs(train))).isEqualTo(before);
        }
    }

    @Test
    void listeners_hear_features_steps_and_epochs_in_order() {
        List<String> heard = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void started(String plan) {
                heard.add("started");
                assertThat(plan).contains("feature extraction", "99 of", "3 classes");
            }

            @Override
            public void featuresComputed(int done, int total) {
                heard.add("features " + done + "/" + total);
            }

            @Override
            public void stepDone(int epoch, int stepInEpoch, int stepsPerEpoch, StepReport report) {
                heard.add("step " + epoch + ":" + stepInEpoch + "/" + stepsPerEpoch);
                assertThat(report.loss()).isPositive();
                assertThat(report.steps()).isEqualTo(4);
            }

            @Override
            public void epochDone(EpochReport report) {
                heard.add("epoch " + report.epoch() + "/" + report.epochs());
            }
        };
        try (var tuned = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                .epochs(2)
                .batchSize(4)
                .listener(listener)
                .fit(shapes(2, 1))) {
            assertThat(tuned.labels()).hasSize(3);
        }
        assertThat(heard)
                .containsExactly(
                        "features 4/6",
                        "features 6/6",
                        "started",
                        "step 1:1/2",
                        "step 1:2/2",
                        "epoch 1/2",
                        "step 2:1/2",
                        "step 2:2/2",
                        "epoch 2/2");
    }

    static List<Strategy> strategies() {
        return List.of(
                Strategy.featureExtraction(),
                Strategy.fullFineTuning().layerDecay(0.7),
                Strategy.lastLayers(0),
                Strategy.lastLayers(1),
                Strategy.gradualUnfreezing(),
                Strategy.bitFit(),
                Strategy.lora(4),
                Strategy.lora(2).alpha(4).rootScaled(true).dropout(0.1).targets("convolution"));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void every_strategy_learns_pictures_and_leaves_a_whole_model(Strategy strategy) {
        Dataset<Image, String> train = shapes(20, 1);
        try (var tuned = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                .strategy(strategy)
                .epochs(8)
                .batchSize(8)
                .learningRate(1e-2)
                .validation(shapes(5, 2))
                .seed(4)
                .fit(train)) {
            List<EpochReport> history = tuned.history();
            assertThat(history.get(7).trainLoss()).isLessThan(history.get(0).trainLoss());
            List<Classification> answers = tuned.predict(inputs(train));
            tuned.save(temporary);
            assertThat(Checkpoint.open(temporary).names())
                    .containsExactlyInAnyOrderElementsOf(Checkpoint.open(RESNET).names());
            try (var again = Pretrained.from(temporary).load(Task.IMAGE_CLASSIFICATION)) {
                assertThat(again.classify(inputs(train))).isEqualTo(answers);
            }
        }
    }

    @Test
    void a_strategy_changes_only_what_it_names() {
        Checkpoint before = Checkpoint.open(BERT);
        assertThat(changed(before, Strategy.lastLayers(0))).allMatch(n -> n.matches("(classifier|bert.pooler).*"));
        assertThat(changed(before, Strategy.lastLayers(1)))
                .allMatch(n -> n.matches("(classifier|bert.pooler|bert.encoder.layer.1).*"))
                .anyMatch(n -> n.startsWith("bert.encoder.layer.1."));
        assertThat(changed(before, Strategy.bitFit()))
                .allMatch(n -> n.endsWith("bias") || n.startsWith("classifier") || n.startsWith("bert.pooler"));
        assertThat(changed(before, Strategy.lora(2)))
                .allMatch(n -> n.matches(".*(query|value).weight|classifier.*"))
                .anyMatch(n -> n.endsWith("query.weight"));
        assertThat(changed(before, Strategy.fullFineTuning())).contains("bert.embeddings.word_embeddings.weight");
    }

    private List<String> changed(Checkpoint before, Strategy strategy) {
        try (var tuned = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(strategy)
                .epochs(2)
                .learningRate(1e-2)
                .fit(sentences())) {
            tuned.save(temporary);
        }
        Checkpoint after = Checkpoint.open(temporary);
        return before.names().stream()
                .filter(n -> !Arrays.equals(before.floats(n), after.floats(n)))
                .toList();
    }

    @Test
    void several_adapters_stand_beside_one_base_and_are_unloaded_with_their_pipelines() {
        Dataset<String, String> train = sentences();
        List<Path> folders = List.of(temporary.resolve("one"), temporary.resolve("two"));
        for (int i = 0; i < 2; i++) {
            try (var tuned = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                    .strategy(Strategy.lora(4))
                    .epochs(2)
                    .seed(i)
                    .learningRate(1e-2)
                    .fit(train)) {
                tuned.saveAdapter(folders.get(i));
            }
        }
        List<List<Classification>> merged = new ArrayList<>();
        for (Path folder : folders) {
            try (var pipeline = Pretrained.from(BERT).adapter(folder).load(Task.TEXT_CLASSIFICATION)) {
                merged.add(pipeline.classify(inputs(train)));
            }
        }
        assertThat(merged.get(0).get(0)).isNotEqualTo(merged.get(1).get(0));

        try (var two = Pretrained.from(BERT).attach(folders.get(1)).load(Task.TEXT_CLASSIFICATION)) {
            try (var one = Pretrained.from(BERT).attach(folders.get(0)).load(Task.TEXT_CLASSIFICATION)) {
                sameScores(one.classify(inputs(train)), merged.get(0));
                sameScores(two.classify(inputs(train)), merged.get(1));
            }
            sameScores(two.classify(inputs(train)), merged.get(1));
        }
        assertThatThrownBy(() -> Pretrained.from(BERT).attach(BERT).load(Task.TEXT_CLASSIFICATION))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("adapter_config.json");
    }

    private static void sameScores(List<Classification> found, List<Classification> expected) {
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).best().label())
                    .isEqualTo(expected.get(i).best().label());
            assertThat(found.get(i).best().score())
                    .isCloseTo(expected.get(i).best().score(), within(1e-5));
        }
    }

    @Test
    void an_adapter_is_saved_alone_and_loads_beside_its_base() {
        Dataset<String, String> train = sentences();
        Path folder = temporary.resolve("adapter");
        try (var tuned = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.lora(4))
                .epochs(3)
                .learningRate(1e-2)
                .fit(train)) {
            tuned.saveAdapter(folder);
            assertThat(Checkpoint.open(folder.resolve("adapter_model.safetensors"))
                            .names())
                    .hasSize(10)
                    .allMatch(n -> n.startsWith("base_model.model."));
            try (var again = Pretrained.from(BERT).adapter(folder).load(Task.TEXT_CLASSIFICATION)) {
                List<Classification> expected = tuned.predict(inputs(train));
                List<Classification> found = again.classify(inputs(train));
                for (int i = 0; i < found.size(); i++) {
                    assertThat(found.get(i).best().score())
                            .isCloseTo(expected.get(i).best().score(), within(1e-5));
                }
            }
        }
        try (var plain = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION).epochs(1).fit(train)) {
            assertThatThrownBy(() -> plain.saveAdapter(folder))
                    .isInstanceOf(TailorException.class)
                    .hasMessageContaining("Strategy.lora");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 9, 14})
    void a_run_that_was_broken_off_ends_with_the_same_weights(int brokenAfter) {
        Path whole = temporary.resolve("whole");
        Path resumed = temporary.resolve("resumed");
        Path state = temporary.resolve("state");
        var tuning = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .validation(sentences().subset(0, 1))
                .epochs(4)
                .batchSize(4)
                .accumulate(2)
                .learningRate(1e-3)
                .earlyStopping(4)
                .threads(1)
                .seed(5);
        try (var tuned = tuning.fit(sentences())) {
            tuned.save(whole);
        }
        int[] left = {brokenAfter};
        TrainingListener breaker = new TrainingListener() {
            @Override
            public void stepDone(int epoch, int stepInEpoch, int stepsPerEpoch, StepReport report) {
                if (left[0]-- == 0) {
                    throw new IllegalStateException("broken off");
                }
            }
        };
        var kept = tuning.checkpoints(state, 2);
        assertThatThrownBy(() -> kept.listener(breaker).fit(sentences())).hasMessageContaining("broken off");
        try (var tuned = kept.fit(sentences())) {
            assertThat(tuned.history()).hasSize(4);
            tuned.save(resumed);
        }
        Checkpoint one = Checkpoint.open(whole);
        Checkpoint other = Checkpoint.open(resumed);
        assertThat(one.names()).allSatisfy(n -> assertThat(other.floats(n)).isEqualTo(one.floats(n)));
        assertThatThrownBy(() -> kept.learningRate(5e-3).fit(sentences()))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("another training")
                .hasMessageContaining("0.005");
    }

    @Test
    void training_ends_early_and_takes_the_best_weights() {
        // What is learnt is the opposite of what is measured: the first epoch is the best.
        Dataset<String, String> train = sentences();
        List<Example<String, String>> opposite = new ArrayList<>();
        train.forEach(e -> opposite.add(Example.of(e.input(), e.target().equals("good") ? "bad" : "good")));
        try (var tuned = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .validation(Dataset.of(opposite))
                .epochs(30)
                .learningRate(3e-3)
                .earlyStopping(3)
                .fit(train)) {
            List<EpochReport> history = tuned.history();
            assertThat(history.size()).isLessThan(15);
            double best = history.stream()
                    .mapToDouble(EpochReport::validationLoss)
                    .min()
                    .orElseThrow();
            assertThat(tuned.evaluate(Dataset.of(opposite)).logLoss()).isCloseTo(best, within(1e-4));
        }
    }

    @Test
    void an_interrupted_thread_stops_the_training() {
        TrainingListener interrupter = new TrainingListener() {
            @Override
            public void stepDone(int epoch, int stepInEpoch, int stepsPerEpoch, StepReport report) {
                Thread.currentThread().interrupt();
            }
        };
        var tuning = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION).listener(interrupter);
        assertThatThrownBy(() -> tuning.fit(shapes(2, 1)))
                .isInstanceOf(TrainingInterruptedException.class)
                .hasMessageContaining("epoch 1 after step 1");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void wrong_data_is_told() {
        var tuning = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION);
        assertThatThrownBy(() -> tuning.fit(Dataset.of(List.of())))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("training data is empty");
        assertThatThrownBy(() -> tuning.fit(shapes(2, 1).subset(0, 1)))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("one class only")
                .hasMessageContaining("disc");
        assertThatThrownBy(
                        () -> tuning.validation(shapes(2, 1)).fit(shapes(2, 1).subset(0, 2)))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("classes that the training data lacks")
                .hasMessageContaining("stripes");
        assertThatThrownBy(() -> FineTuning.of(BERT, Task.IMAGE_CLASSIFICATION).fit(shapes(2, 1)))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("bert models cannot be fitted for image-classification");
    }

    @Test
    void wrong_settings_are_told() {
        var tuning = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION);
        assertThatThrownBy(() -> tuning.epochs(0)).hasMessageContaining("epochs must be at least 1, found 0");
        assertThatThrownBy(() -> tuning.learningRate(-1)).hasMessageContaining("learningRate must be positive");
        assertThatThrownBy(() -> tuning.labelSmoothing(1)).hasMessageContaining("labelSmoothing");
        assertThatThrownBy(() -> FineTuning.of("org/name", Task.IMAGE_CLASSIFICATION))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hf://org/name");
    }

    private static <I> List<I> inputs(Dataset<I, String> data) {
        List<I> inputs = new ArrayList<>();
        data.forEach(e -> inputs.add(e.input()));
        return inputs;
    }

    /** Discs, then squares, then stripes, in random places. */
    private static Dataset<Image, String> shapes(int perClass, long seed) {
        Random random = new Random(seed);
        List<Example<Image, String>> examples = new ArrayList<>();
        for (int i = 0; i < perClass; i++) {
            for (String kind : List.of("disc", "square", "stripes")) {
                examples.add(Example.of(draw(kind, random), kind));
            }
        }
        examples.sort(Comparator.comparing(Example::target));
        return Dataset.of(examples);
    }

    private static Image draw(String kind, Random random) {
        BufferedImage image = new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.getHSBColor(0.6f, 0.3f, 0.2f + 0.1f * random.nextFloat()));
        graphics.fillRect(0, 0, 48, 48);
        graphics.setColor(Color.getHSBColor(random.nextFloat(), 0.5f, 1));
        int x = random.nextInt(20);
        int y = random.nextInt(20);
        switch (kind) {
            case "disc" -> graphics.fillOval(x, y, 24, 24);
            case "square" -> graphics.fillRect(x, y, 24, 24);
            default -> {
                for (int line = x % 6; line < 48; line += 6) {
                    graphics.fillRect(line, 0, 2, 48);
                }
            }
        }
        graphics.dispose();
        return new BufferedImageFactory().fromImage(image);
    }

    private static Dataset<String, String> sentences() {
        List<String> good =
                List.of("funny and touching", "beautifully shot", "customers love them", "save time and data");
        List<String> bad =
                List.of("terrible and slow", "my card was declined", "the service was terrible", "slow and lazy");
        List<Example<String, String>> examples = new ArrayList<>();
        for (String start : List.of("the film was ", "she said ", "it is ", "yesterday: ")) {
            good.forEach(g -> examples.add(Example.of(start + g, "good")));
            bad.forEach(b -> examples.add(Example.of(start + b, "bad")));
        }
        return Dataset.of(examples);
    }
}
