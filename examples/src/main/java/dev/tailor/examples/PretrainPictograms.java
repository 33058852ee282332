package dev.tailor.examples;

import dev.tailor.Task;
import dev.tailor.task.ClassificationEvaluation;
import dev.tailor.transfer.FineTuning;
import dev.tailor.transfer.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains the model that is bundled as {@code bundled:pictograms}: a small ResNet that tells twenty kinds of drawings apart. The
 * drawings are generated, so anybody can repeat it.
 */
@Command(
        name = "pretrain-pictograms",
        mixinStandardHelpOptions = true,
        description = "Trains the bundled model from scratch on generated drawings.")
public final class PretrainPictograms implements Callable<Integer> {
    private static final int SIDE = 64;

    @Option(names = "--out", required = true, description = "Where to write the model folder.")
    Path out = Path.of("");

    @Option(names = "--per-kind", description = "Drawings of each kind (default: ${DEFAULT-VALUE}).")
    int perKind = 600;

    @Option(names = "--epochs", description = "Passes over the drawings (default: ${DEFAULT-VALUE}).")
    int epochs = 20;

    @Option(names = "--seed", description = "Seeds everything random (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    private final PrintStream print;

    PretrainPictograms(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve("config.json"), CONFIG);
        Files.writeString(out.resolve("preprocessor_config.json"), PREPROCESSOR);
        var train = Pictograms.dataset(Pictograms.pretraining(), perKind, SIDE, seed);
        // Seeds far apart: no drawing is in both sets.
        var held = Pictograms.dataset(Pictograms.pretraining(), 50, SIDE, seed + 1_000_000_007L);
        try (var tuned = FineTuning.of(out, Task.IMAGE_CLASSIFICATION)
                .fromScratch()
                .epochs(epochs)
                .batchSize(64)
                .learningRate(4e-3)
                .weightDecay(0.05)
                .labelSmoothing(0.05)
                .validation(held)
                .seed(seed)
                .listener(Progress.to(print))
                .fit(train)) {
            ClassificationEvaluation evaluation = tuned.evaluate(held);
            print.println(evaluation);
            tuned.save(out);
            Files.writeString(out.resolve("README.md"), card(evaluation));
            print.println("Saved to " + out);
        }
        return 0;
    }

    private String card(ClassificationEvaluation evaluation) {
        return String.format(
                Locale.ROOT,
                """
                ---
                license: apache-2.0
                library_name: tailor
                pipeline_tag: image-classification
                ---
                # Pictograms

                A ResNet with 0.2 million weights that tells %d kinds of drawings of 64 x 64 pixels apart. It exists so that
                Tailor's examples run without a network, and as a start for learning other drawings from a few examples.

                - Data: %d drawings of each kind from the generator `dev.tailor.examples.Pictograms`, in random pose, colour,
                  background and noise; no photographs, nobody's work.
                - Training: from scratch by `dev.tailor.examples.PretrainPictograms`, %d epochs, AdamW, seed %d.
                - Accuracy on %d drawings that it never saw: %.1f %%.
                - Classes: %s.
                - Limits: it knows nothing of photographs.
                """,
                evaluation.labels().size(),
                perKind,
                epochs,
                seed,
                evaluation.size(),
                100 * evaluation.accuracy(),
                String.join(", ", evaluation.labels()));
    }

    private static final String CONFIG = """
            {
              "architectures": ["ResNetForImageClassification"],
              "depths": [1, 1, 1, 1],
              "downsample_in_first_stage": false,
              "embedding_size": 16,
              "hidden_act": "relu",
              "hidden_sizes": [16, 32, 64, 96],
              "layer_type": "basic",
              "model_type": "resnet",
              "num_channels": 3
            }
            """;

    private static final String PREPROCESSOR = """
            {
              "do_normalize": true,
              "do_rescale": true,
              "do_resize": true,
              "image_mean": [0.5, 0.5, 0.5],
              "image_processor_type": "ViTImageProcessor",
              "image_std": [0.5, 0.5, 0.5],
              "resample": 2,
              "rescale_factor": 0.00392156862745098,
              "size": {"height": 64, "width": 64}
            }
            """;

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new PretrainPictograms(System.out), arguments);
    }
}
