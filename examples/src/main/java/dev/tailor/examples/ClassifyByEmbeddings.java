package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.ClassificationEvaluation;
import dev.tailor.task.Embedding;
import dev.tailor.task.TextEmbedder;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Split;
import dev.tailor.transfer.data.TextTable;
import dev.tailor.transfer.head.FeatureHead;
import dev.tailor.transfer.head.Rows;
import dev.tailor.transfer.head.TfIdf;
import dev.tailor.transfer.head.VectorClassifier;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Fits a classifier to sentence embeddings, and the same one to bags of words: what the embeddings are worth. With static
 * embeddings no engine is needed and all of it takes seconds.
 */
@Command(
        name = "classify-by-embeddings",
        mixinStandardHelpOptions = true,
        description = "Logistic regression on embeddings, beside the same on bags of words.")
public final class ClassifyByEmbeddings implements Callable<Integer> {
    private static final int STEP = 1000;

    @Option(names = "--model", required = true, description = "An embedding model's id, or its folder.")
    String model = "";

    @Option(names = "--data", required = true, description = "A table of texts and labels (.csv or .tsv).")
    Path data = Path.of("");

    @Option(names = "--test", description = "Another table to measure on; without it a fifth of the data.")
    @Nullable
    Path test;

    @Option(names = "--columns", arity = "2", description = "Positions of text and label where there is no header row.")
    int @Nullable [] columns;

    @Option(names = "--inverse", description = "Inverse of the regularisation (default: ${DEFAULT-VALUE}).")
    double inverse = 10;

    @Option(names = "--seed", description = "Seeds the split (default: ${DEFAULT-VALUE}).")
    long seed = 42;

    private final PrintStream print;

    ClassifyByEmbeddings(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        Dataset<String, String> all = table(data);
        Split<String, String> split = test == null ? all.split(0.8, seed) : new Split<>(all, table(test));
        List<String> train = split.train().inputs();
        List<String> held = split.validation().inputs();
        print.println(split.train().size() + " texts to learn from, "
                + split.validation().size() + " to measure on, "
                + split.train().counts().size() + " classes");
        TfIdf words = TfIdf.fit(train);
        report("bags of " + words.width() + " words", words.rows(train), words.rows(held), split);
        try (TextEmbedder embedder = Pretrained.from(Models.id(model)).load(Task.TEXT_EMBEDDING)) {
            Rows vectors = embed(embedder, train);
            report("embeddings of " + vectors.width() + " dimensions", vectors, embed(embedder, held), split);
        }
        return 0;
    }

    private void report(String name, Rows train, Rows held, Split<String, String> split) {
        long start = System.nanoTime();
        VectorClassifier classifier = VectorClassifier.fit(
                FeatureHead.logisticRegression().inverse(inverse),
                train,
                split.train().targets());
        ClassificationEvaluation measured =
                classifier.evaluate(held, split.validation().targets());
        print.printf(
                Locale.ROOT,
                "%s: accuracy %.4f, macro F1 %.4f, fitted and measured in %.1f s%n",
                name,
                measured.accuracy(),
                measured.macroF1(),
                (System.nanoTime() - start) / 1e9);
    }

    private static Rows embed(TextEmbedder embedder, List<String> texts) {
        List<Embedding> vectors = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += STEP) {
            vectors.addAll(embedder.embed(texts.subList(from, Math.min(from + STEP, texts.size()))));
        }
        return Rows.of(vectors);
    }

    private TextTable table(Path file) {
        return table(file, columns);
    }

    /** A table by its name's end; {@code columns} are the places of text and label where there is no header row. */
    static TextTable table(Path file, int @Nullable [] columns) {
        boolean tabs = file.getFileName().toString().endsWith(".tsv");
        if (columns != null) {
            return tabs ? TextTable.tsv(file, columns[0], columns[1]) : TextTable.csv(file, columns[0], columns[1]);
        }
        return tabs ? TextTable.tsv(file) : TextTable.csv(file);
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new ClassifyByEmbeddings(System.out), arguments);
    }
}
