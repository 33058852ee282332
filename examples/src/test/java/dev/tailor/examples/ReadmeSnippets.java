package dev.tailor.examples;

import ai.djl.modality.cv.Image;
import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.serving.PredictionListener;
import dev.tailor.task.Aggregation;
import dev.tailor.task.Entity;
import dev.tailor.task.TextEmbedder;
import dev.tailor.transfer.FineTuning;
import dev.tailor.transfer.Progress;
import dev.tailor.transfer.Strategy;
import dev.tailor.transfer.augment.ImageAugmentations;
import dev.tailor.transfer.augment.Mixing;
import dev.tailor.transfer.data.ImageFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The README's Java, compiled and run by {@link ReadmeTest}. */
final class ReadmeSnippets {
    private ReadmeSnippets() {}

    static void classify(Image picture) {
        // snippet 1
        try (var classifier = Pretrained.from("bundled:pictograms").load(Task.IMAGE_CLASSIFICATION)) {
            System.out.println(classifier.classify(picture));
        }
        // end
    }

    static void fit(Path folder, Path target) {
        // snippet 2
        var flowers = ImageFolder.of(folder).split(0.8, 42);
        try (var tuned = FineTuning.of("bundled:pictograms", Task.IMAGE_CLASSIFICATION)
                .strategy(Strategy.featureExtraction())
                .validation(flowers.validation())
                .listener(Progress.console())
                .fit(flowers.train())) {
            System.out.println(tuned.evaluate(flowers.validation()));
            tuned.save(target);
        }
        // end
    }

    static void recognize(String text) {
        // snippet 3
        try (var recognizer = Pretrained.from("hf://dslim/bert-base-NER")
                .load(Task.TOKEN_CLASSIFICATION)
                .aggregation(Aggregation.SIMPLE)) {
            for (Entity entity : recognizer.recognize(text)) {
                System.out.println(entity.label() + " " + entity.in(text));
            }
        }
        // end
    }

    static void serve(Consumer<Duration> latency, IntConsumer depth, IntConsumer size, Consumer<TextEmbedder> callers) {
        // snippet 4
        var metrics = new PredictionListener() {
            @Override
            public void called(Call call) {
                latency.accept(call.latency());
                depth.accept(call.queued());
            }

            @Override
            public void ran(Batch batch) {
                size.accept(batch.size());
            }
        };
        try (var embedder = Pretrained.from("hf://sentence-transformers/all-MiniLM-L6-v2")
                .batching(32, Duration.ofMillis(2))
                .listener(metrics)
                .load(Task.TEXT_EMBEDDING)) {
            callers.accept(embedder);
        }
        // end
    }

    static void augment(Path folder) {
        // snippet 5
        var flowers = ImageFolder.of(folder).split(0.8, 42);
        System.out.println(flowers.inspect());
        try (var tuned = FineTuning.of("bundled:pictograms", Task.IMAGE_CLASSIFICATION)
                .strategy(Strategy.lastLayers(2))
                .augment(ImageAugmentations.horizontalFlip(), ImageAugmentations.colorJitter(0.2, 0.2, 0.2, 0.05))
                .mix(Mixing.cutmix(1))
                .validation(flowers.validation())
                .fit(flowers.train())) {
            System.out.println(tuned.evaluate(flowers.validation()));
        }
        // end
    }
}
