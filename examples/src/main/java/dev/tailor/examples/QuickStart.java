package dev.tailor.examples;

import ai.djl.modality.cv.Image;
import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.Classification;
import dev.tailor.task.ClassificationEvaluation;
import dev.tailor.task.ImageClassifier;
import dev.tailor.transfer.FineTuned;
import dev.tailor.transfer.FineTuning;
import dev.tailor.transfer.Progress;
import dev.tailor.transfer.Strategy;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Split;
import dev.tailor.transfer.train.TrainingListener;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The whole library in one run, without a network: loads a pretrained model, uses it, teaches it new classes from a few
 * examples, compares that with training from scratch, saves the result and loads it back.
 */
@Command(
        name = "quick-start",
        mixinStandardHelpOptions = true,
        description = "Loads a pretrained model, uses it, and teaches it new classes from a few pictures.")
public final class QuickStart implements Callable<Integer> {
    private static final int SIDE = 64;
    private static final int SCRATCH_EPOCHS = 20;
    private static final int HELD_PER_KIND = 30;

    @Option(names = "--model", description = "A model id, or a folder (default: ${DEFAULT-VALUE}).")
    String model = "bundled:pictograms";

    @Option(names = "--data", description = "A folder of pictures, one sub-folder a class; drawings without it.")
    @Nullable
    Path data;

    @Option(names = "--per-class", description = "Training pictures of each class (default: ${DEFAULT-VALUE}).")
    int perClass = 8;

    @Option(names = "--out", description = "Where to save the fitted model; a temporary folder without it.")
    @Nullable
    Path out;

    @Option(names = "--seed", description = "Seeds everything random (default: ${DEFAULT-VALUE}).")
    long seed = 7;

    private final PrintStream print;

    QuickStart(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() throws IOException {
        String id = Models.id(model);
        Path folder = out != null ? out : Files.createTempDirectory("tailor-quickstart");
        Split<Image, String> pictures = pictures();

        print.println("1. A pretrained model at work: " + id);
        try (ImageClassifier classifier = Pretrained.from(id).load(Task.IMAGE_CLASSIFICATION)) {
            Image picture =
                    data == null ? drawing("house") : pictures.train().get(0).input();
            print.println(data == null ? "   a drawing of a house:" : "   the first picture:");
            print.println(Bars.of(classifier.classify(picture), 3));
        }

        print.println("\n2. New classes from " + perClass + " pictures each, by feature extraction");
        try (var tuned = fit(id, pictures, false)) {
            ClassificationEvaluation transferred = tuned.evaluate(pictures.validation());
            print.println(transferred);

            print.println("\n3. The same network on the same pictures, from scratch");
            double scratch;
            try (var alone = fit(id, pictures, true)) {
                scratch = alone.evaluate(pictures.validation()).accuracy();
            }
            print.println(Bars.line("pretrained", 12, transferred.accuracy()));
            print.println(Bars.line("from scratch", 12, scratch));

            print.println("\n4. Saved, loaded back");
            tuned.save(folder);
            report(folder, pictures.validation(), tuned);
        }
        return 0;
    }

    private FineTuned<Image, String, Classification, ClassificationEvaluation, ImageClassifier> fit(
            String id, Split<Image, String> pictures, boolean scratch) {
        TrainingListener progress = Progress.to(print);
        var tuning = FineTuning.of(id, Task.IMAGE_CLASSIFICATION)
                .strategy(Strategy.featureExtraction())
                .seed(seed)
                .listener(new LastEpochOnly(progress));
        return (scratch ? tuning.fromScratch().epochs(SCRATCH_EPOCHS).batchSize(16) : tuning).fit(pictures.train());
    }

    /** Loads the saved model, checks it against the one in memory and draws a sheet of its answers. */
    private void report(
            Path folder,
            Dataset<Image, String> held,
            FineTuned<Image, String, Classification, ClassificationEvaluation, ImageClassifier> tuned)
            throws IOException {
        List<Image> images = IntStream.range(0, Math.min(24, held.size()))
                .map(i -> (int) ((long) i * held.size() / Math.min(24, held.size())))
                .mapToObj(i -> held.get(i).input())
                .toList();
        try (ImageClassifier again = Pretrained.from(folder).load(Task.IMAGE_CLASSIFICATION)) {
            List<Classification> answers = again.classify(images);
            boolean same = answers.equals(tuned.predict(images));
            ContactSheet sheet = new ContactSheet();
            for (int i = 0; i < images.size(); i++) {
                int index = (int) ((long) i * held.size() / images.size());
                sheet.add(images.get(i), held.target(index), answers.get(i));
            }
            Path picture = folder.resolve("answers.png");
            sheet.write(picture);
            print.printf(
                    Locale.ROOT,
                    "   %s%n   the loaded model %s on %d pictures; look at %s%n",
                    folder,
                    same ? "gives the same answers" : "DIFFERS",
                    images.size(),
                    picture);
        }
    }

    private Split<Image, String> pictures() {
        if (data == null) {
            return new Split<>(
                    Pictograms.dataset(Pictograms.unseen(), perClass, SIDE, seed),
                    Pictograms.dataset(Pictograms.unseen(), HELD_PER_KIND, SIDE, seed + 1_000_003L));
        }
        Split<Image, String> all = TuneImages.split(data, seed);
        return new Split<>(few(all.train(), perClass), few(all.validation(), HELD_PER_KIND));
    }

    /** The first examples of each class. */
    private static Dataset<Image, String> few(Dataset<Image, String> all, int perClass) {
        Map<String, Integer> seen = new HashMap<>();
        return all.subset(
                IntStream.range(0, all.size()).filter(i -> seen.merge(all.target(i), 1, Integer::sum) <= perClass));
    }

    private Image drawing(String kind) {
        return Pictograms.dataset(List.of(kind), 1, SIDE, seed).get(0).input();
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new QuickStart(System.out), arguments);
    }
}
