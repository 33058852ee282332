package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.Likeness;
import dev.tailor.task.TextEmbedder;
import dev.tailor.transfer.FineTuning;
import dev.tailor.transfer.Strategy;
import dev.tailor.transfer.data.ContrastivePairs;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.head.FeatureHead;
import dev.tailor.transfer.head.Rows;
import dev.tailor.transfer.head.TfIdf;
import dev.tailor.transfer.head.VectorClassifier;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Learns to classify from a few texts of each label, as SetFit does: pairs of texts fit the embedder, then logistic regression
 * reads its vectors. The same regression on the embedder as it came and on bags of words stands beside it.
 */
@Command(
        name = "few-shot",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Learns to classify from a few texts of each label, as SetFit does.")
public final class FewShot implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "An embedding model's id, or its folder.")
    String model = "";

    @Option(names = "--data", required = true, description = "A table of texts and labels (.csv or .tsv).")
    Path data = Path.of("");

    @Option(names = "--columns", arity = "2", description = "Positions of text and label where there is no header row.")
    int @Nullable [] columns;

    @Option(names = "--shots", description = "How many texts of each label to learn from.")
    int shots = 8;

    @Option(names = "--held", description = "How many texts of each label to measure on.")
    int held = 100;

    @Option(names = "--iterations", description = "How many pairs of either kind to make of each text.")
    int iterations = 20;

    @Option(names = "--epochs", description = "Passes over the pairs.")
    int epochs = 1;

    @Option(names = "--rate", description = "The learning rate of the embedder.")
    double rate = 2e-5;

    @Option(names = "--seed", description = "Seeds everything random.")
    long seed = 42;

    private final PrintStream print;

    FewShot(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        var halves = ClassifyByEmbeddings.table(data, columns).split(0.5, seed);
        Dataset<String, String> train = halves.train().fewOfEach(shots, seed);
        Dataset<String, String> test = halves.validation().fewOfEach(held, seed);
        print.printf("%d texts to learn from, %d to measure on%n", train.size(), test.size());
        TfIdf words = TfIdf.fit(train.inputs());
        report("bags of words", words.rows(train.inputs()), words.rows(test.inputs()), train, test);
        try (TextEmbedder embedder = Pretrained.from(Models.id(model)).load(Task.TEXT_EMBEDDING)) {
            report("embeddings as they came", embedder, train, test);
        }
        Dataset<String, Likeness> pairs = ContrastivePairs.of(train, iterations, seed);
        try (var tuned = FineTuning.of(Models.id(model), Task.TEXT_EMBEDDING)
                .strategy(Strategy.fullFineTuning())
                .epochs(epochs)
                .batchSize(16)
                .learningRate(rate)
                .seed(seed)
                .fit(pairs)) {
            report("embeddings fitted to " + pairs.size() + " pairs", tuned.pipeline(), train, test);
        }
        return 0;
    }

    private void report(
            String name, TextEmbedder embedder, Dataset<String, String> train, Dataset<String, String> test) {
        report(name, embed(embedder, train), embed(embedder, test), train, test);
    }

    private static Rows embed(TextEmbedder embedder, Dataset<String, String> data) {
        return Rows.of(embedder.embed(data.inputs()));
    }

    private void report(
            String name, Rows train, Rows test, Dataset<String, String> learned, Dataset<String, String> measured) {
        List<String> labels = learned.targets();
        VectorClassifier classifier = VectorClassifier.fit(FeatureHead.logisticRegression(), train, labels);
        var evaluation = classifier.evaluate(test, measured.targets());
        print.printf(
                Locale.ROOT, "%s: accuracy %.4f, macro F1 %.4f%n", name, evaluation.accuracy(), evaluation.macroF1());
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new FewShot(System.out), arguments);
    }
}
