package dev.tailor.examples;

import ai.djl.modality.cv.Image;
import dev.tailor.Task;
import dev.tailor.transfer.FineTuning;
import dev.tailor.transfer.Strategy;
import dev.tailor.transfer.data.Split;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.Schedule;
import dev.tailor.transfer.train.TrainingListener;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Fits one image classifier in several ways and shows what each costs and gives. */
@Command(
        name = "compare-strategies",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Fits one image classifier in several ways and shows what each costs and gives.")
public final class CompareStrategies implements Callable<Integer> {
    /** A way to fit, with settings that suit a small convolutional network and some hundred pictures. */
    private record Way(String name, Strategy strategy, int epochs, double rate) {}

    private static final List<Way> WAYS = List.of(
            new Way("feature-extraction", Strategy.featureExtraction(), 30, 5e-3),
            new Way("last-layers", Strategy.lastLayers(3), 15, 2e-3),
            new Way("bitfit", Strategy.bitFit(), 15, 1e-2),
            new Way("lora", Strategy.lora(8), 15, 3e-3),
            new Way("full", Strategy.fullFineTuning().layerDecay(0.8), 15, 3e-3));

    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Option(names = "--data", required = true, description = "A folder of classes, or one with train and val in it.")
    Path data = Path.of("");

    @Option(
            names = "--only",
            split = ",",
            description = "Which ways: feature-extraction, last-layers, bitfit, lora, full.")
    List<String> only = WAYS.stream().map(Way::name).toList();

    @Option(names = "--epochs", description = "Passes over the data for each way; 0 for its own number.")
    int epochs;

    @Option(names = "--rate", description = "The learning rate for each way; 0 for its own.")
    double rate;

    @Option(names = "--seed", description = "Seeds everything random.")
    long seed = 42;

    private final PrintStream print;

    CompareStrategies(PrintStream print) {
        this.print = print;
    }

    /** Says how long each epoch took; the first one includes what is computed once. */
    private static final class Watch implements TrainingListener {
        private final List<Double> seconds = new ArrayList<>();
        private long since = System.nanoTime();

        @Override
        public void epochDone(EpochReport report) {
            long now = System.nanoTime();
            seconds.add((now - since) / 1e9);
            since = now;
        }

        double first() {
            return seconds.get(0);
        }

        double later() {
            List<Double> sorted = seconds.stream().skip(1).sorted().toList();
            return sorted.isEmpty() ? first() : sorted.get(sorted.size() / 2);
        }
    }

    @Override
    public Integer call() {
        List<String> known = WAYS.stream().map(Way::name).toList();
        List<String> strange = only.stream().filter(n -> !known.contains(n)).toList();
        if (!strange.isEmpty()) {
            throw new IllegalArgumentException("There is no way called " + strange + "; there are " + known);
        }
        Split<Image, String> split = TuneImages.split(data, seed);
        print.printf(
                "%d pictures for training, %d to measure on%n",
                split.train().size(), split.validation().size());
        print.printf(
                "%-20s %9s %8s %7s %12s %14s %20s%n",
                "strategy", "accuracy", "macro F1", "epochs", "first epoch", "later epochs", "trained parameters");
        WAYS.stream().filter(w -> only.contains(w.name())).forEach(w -> row(w, split));
        return 0;
    }

    private void row(Way way, Split<Image, String> split) {
        Watch watch = new Watch();
        try (var tuned = FineTuning.of(Models.id(model), Task.IMAGE_CLASSIFICATION)
                .strategy(way.strategy())
                .epochs(epochs > 0 ? epochs : way.epochs())
                .learningRate(rate > 0 ? rate : way.rate())
                .schedule(Schedule.COSINE)
                .listener(watch)
                .seed(seed)
                .fit(split.train())) {
            var evaluation = tuned.evaluate(split.validation());
            print.println(String.format(
                    Locale.ROOT,
                    "%-20s %7.1f %% %8.3f %7d %10.2f s %12.2f s %20s",
                    way.name(),
                    100 * evaluation.accuracy(),
                    evaluation.macroF1(),
                    tuned.history().size(),
                    watch.first(),
                    watch.later(),
                    String.format(
                            Locale.ROOT,
                            "%,d (%.1f %%)",
                            tuned.run().trainedParameters(),
                            100.0
                                    * tuned.run().trainedParameters()
                                    / tuned.run().parameters())));
        }
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new CompareStrategies(System.out), arguments);
    }
}
