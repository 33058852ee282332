package dev.tailor.examples;

import ai.djl.modality.cv.Image;
import dev.tailor.Task;
import dev.tailor.transfer.FineTuning;
import dev.tailor.transfer.Progress;
import dev.tailor.transfer.Strategy;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.ImageFolder;
import dev.tailor.transfer.data.Split;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Fits an image classifier to a folder of pictures, one sub-folder a class. */
@Command(
        name = "tune-images",
        mixinStandardHelpOptions = true,
        description = "Fits an image classifier to a folder of pictures, one sub-folder a class.")
public final class TuneImages implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Option(names = "--data", required = true, description = "A folder of classes, or one with train and val in it.")
    Path data = Path.of("");

    @Option(names = "--out", description = "Where to save the fitted model.")
    @Nullable
    Path out;

    @Option(names = "--full", description = "Fit all weights instead of a new classifier only.")
    boolean full;

    @Option(names = "--epochs", description = "Passes over the data; the strategy's own number without it.")
    int epochs;

    @Option(names = "--rate", description = "The learning rate; the strategy's own without it.")
    double rate;

    @Option(names = "--seed", description = "Seeds everything random (default: ${DEFAULT-VALUE}).")
    long seed = 42;

    private final PrintStream print;

    TuneImages(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        Split<Image, String> split = split(data, seed);
        var tuning = FineTuning.of(Models.id(model), Task.IMAGE_CLASSIFICATION)
                .strategy(full ? Strategy.fullFineTuning() : Strategy.featureExtraction())
                .validation(split.validation())
                .listener(Progress.to(print))
                .seed(seed);
        if (epochs > 0) {
            tuning = tuning.epochs(epochs);
        }
        if (rate > 0) {
            tuning = tuning.learningRate(rate);
        }
        try (var tuned = tuning.fit(split.train())) {
            print.println(tuned.evaluate(split.validation()));
            if (out != null) {
                tuned.save(out);
                print.println("Saved to " + out);
            }
        }
        return 0;
    }

    /** The folder's own split where it has one, else a stratified one of four to one. */
    static Split<Image, String> split(Path data, long seed) {
        Path train = data.resolve("train");
        Path validation = Files.isDirectory(data.resolve("val")) ? data.resolve("val") : data.resolve("validation");
        if (Files.isDirectory(train) && Files.isDirectory(validation)) {
            Dataset<Image, String> held = ImageFolder.of(validation);
            return new Split<>(ImageFolder.of(train), held);
        }
        return ImageFolder.of(data).split(0.8, seed);
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new TuneImages(System.out), arguments);
    }
}
