package dev.tailor.examples;

import dev.tailor.Task;
import dev.tailor.transfer.FineTuning;
import dev.tailor.transfer.Progress;
import dev.tailor.transfer.Strategy;
import dev.tailor.transfer.data.Split;
import dev.tailor.transfer.data.TextTable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Fits a text classifier to a table of texts and labels. */
@Command(
        name = "tune-text",
        mixinStandardHelpOptions = true,
        description = "Fits a text classifier to a table of texts and labels (.csv, .tsv or .jsonl).")
public final class TuneText implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Option(names = "--data", required = true, description = "A table with columns for text and label.")
    Path data = Path.of("");

    @Option(names = "--columns", arity = "2", description = "Positions of text and label where there is no header row.")
    int @Nullable [] columns;

    @Option(names = "--out", description = "Where to save the fitted model.")
    @Nullable
    Path out;

    @Option(names = "--head-only", description = "Fit a new classifier on frozen features instead of all weights.")
    boolean headOnly;

    @Option(names = "--epochs", description = "Passes over the data (default: ${DEFAULT-VALUE}).")
    int epochs = 3;

    @Option(names = "--rate", description = "The learning rate; the strategy's own without it.")
    double rate;

    @Option(names = "--seed", description = "Seeds everything random (default: ${DEFAULT-VALUE}).")
    long seed = 42;

    private final PrintStream print;

    TuneText(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        Split<String, String> split = table(data, columns).split(0.8, seed);
        var tuning = FineTuning.of(Models.id(model), Task.TEXT_CLASSIFICATION)
                .strategy(headOnly ? Strategy.featureExtraction() : Strategy.fullFineTuning())
                .epochs(epochs)
                .seed(seed)
                .validation(split.validation())
                .listener(Progress.to(print));
        try (var tuned = (rate > 0 ? tuning.learningRate(rate) : tuning).fit(split.train())) {
            print.println(tuned.evaluate(split.validation()));
            if (out != null) {
                tuned.save(out);
                print.println("Saved to " + out);
            }
        }
        return 0;
    }

    private static TextTable table(Path file, int @Nullable [] columns) {
        String name = file.getFileName().toString();
        if (name.endsWith(".jsonl")) {
            return TextTable.jsonLines(file);
        }
        boolean tabs = name.endsWith(".tsv");
        if (columns != null) {
            return tabs ? TextTable.tsv(file, columns[0], columns[1]) : TextTable.csv(file, columns[0], columns[1]);
        }
        return tabs ? TextTable.tsv(file) : TextTable.csv(file);
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new TuneText(System.out), arguments);
    }
}
