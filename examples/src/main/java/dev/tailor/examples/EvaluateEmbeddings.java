package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.Correlation;
import dev.tailor.task.Embedding;
import dev.tailor.task.TextEmbedder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how well the cosines of a model's vectors follow what people said of pairs of sentences (STS benchmark). */
@Command(
        name = "evaluate-embeddings",
        mixinStandardHelpOptions = true,
        description = "Compares the cosines of a model's vectors with the scores of the STS benchmark.")
public final class EvaluateEmbeddings implements Callable<Integer> {
    private static final int STEP = 500;
    private static final int SCORE = 4;
    private static final int COLUMNS = 7;

    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Option(names = "--data", required = true, description = "The folder of the STS benchmark, with sts-test.csv.")
    Path data = Path.of("");

    @Option(names = "--split", defaultValue = "test", description = "train, dev or test.")
    String split = "test";

    private final PrintStream print;

    EvaluateEmbeddings(PrintStream print) {
        this.print = print;
    }

    private record Pair(String first, String second, double score) {}

    @Override
    public Integer call() {
        List<Pair> pairs = read(data.resolve("sts-" + split + ".csv"));
        double[] scores = pairs.stream().mapToDouble(Pair::score).toArray();
        double[] cosines = new double[pairs.size()];
        try (TextEmbedder embedder = Pretrained.from(Models.id(model)).load(Task.TEXT_EMBEDDING)) {
            long start = System.nanoTime();
            for (int from = 0; from < pairs.size(); from += STEP) {
                List<Pair> part = pairs.subList(from, Math.min(from + STEP, pairs.size()));
                List<String> texts = new ArrayList<>();
                part.forEach(p -> texts.addAll(List.of(p.first(), p.second())));
                List<Embedding> vectors = embedder.embed(texts);
                for (int i = 0; i < part.size(); i++) {
                    cosines[from + i] = vectors.get(2 * i).cosine(vectors.get(2 * i + 1));
                }
                print.println("Embedded " + (from + part.size()) + " of " + pairs.size() + " pairs");
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            print.println(String.format(Locale.ROOT, "%.0f sentences per second", 2 * pairs.size() / seconds));
        }
        print.println(Correlation.of(cosines, scores));
        return 0;
    }

    /** Lines of genre, file, year, number, score from 0 to 5, and two sentences, with tabs between; quotes are letters. */
    private static List<Pair> read(Path file) {
        List<Pair> pairs = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).isBlank()) {
                    pairs.add(pair(lines.get(i).split("\t", -1), file, i + 1));
                }
            }
        } catch (IOException e) {
            throw new TailorException("Cannot read " + file + ": " + e, e);
        }
        return pairs;
    }

    private static Pair pair(String[] columns, Path file, int line) {
        try {
            if (columns.length >= COLUMNS) {
                return new Pair(columns[SCORE + 1], columns[SCORE + 2], Double.parseDouble(columns[SCORE]));
            }
        } catch (NumberFormatException e) {
            throw new TailorException(
                    file + ", line " + line + ": the score must be a number, found " + columns[SCORE], e);
        }
        throw new TailorException(file + ", line " + line + ": expected " + COLUMNS
                + " columns with tabs between, found " + columns.length);
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new EvaluateEmbeddings(System.out), arguments);
    }
}
