package dev.tailor.examples.bench;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.TextEmbedder;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Many callers of one text embedder, with and without joining their calls, in one process and in turns. */
@Command(
        name = "serving-benchmark",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Times many callers with and without joining their calls.")
public final class ServingBenchmark implements Callable<Integer> {
    @Option(names = "--callers", split = ",", description = "Callers at once.")
    List<Integer> callers = List.of(1, 64);

    @Option(names = "--calls", description = "Calls of a round, shared by all callers.")
    int calls = 256;

    @Option(names = "--rounds", description = "Rounds of each side, in turns.")
    int rounds = 7;

    @Option(names = "--longest", description = "The most tokens of a text; the fewest are 4.")
    int longest = 16;

    @Option(names = "--max-batch", description = "The most calls that are joined.")
    int maxBatch = 32;

    @Option(names = "--max-delay", description = "How long a batch waits for expected calls, in microseconds.")
    long maxDelay = 2000;

    @Option(names = "--layers", description = "Layers.")
    int layers = 6;

    @Option(names = "--width", description = "Width of the hidden states.")
    int width = 384;

    private final PrintStream print;

    /** Creates the command; the table goes to {@code print}. */
    public ServingBenchmark(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        BertShape shape = new BertShape(layers, width, width / 32, 4 * width, 30522, 512);
        List<String> texts = texts(new RandomWords(shape.vocabulary()));
        try (RandomFolder folder = RandomFolder.of(shape);
                TextEmbedder apart = Pretrained.from(folder.path()).load(Task.TEXT_EMBEDDING);
                TextEmbedder joined = Pretrained.from(folder.path())
                        .batching(maxBatch, Duration.ofNanos(1000 * maxDelay))
                        .load(Task.TEXT_EMBEDDING)) {
            print.println(shape + ", random weights, texts of 4 to " + longest + " tokens, "
                    + Runtime.getRuntime().availableProcessors() + " cores");
            print.println("Milliseconds a call (time of a round by its calls): median (fastest - slowest) of " + rounds
                    + " rounds in turns");
            print.printf("%-8s  %-28s  %-28s  %s%n", "callers", "each by itself", "joined", "throughput, joined");
            for (int count : callers) {
                measure(count, apart, joined, texts);
            }
        }
        return 0;
    }

    private List<String> texts(RandomWords words) {
        SplittableRandom random = new SplittableRandom(7);
        return IntStream.range(0, calls)
                .mapToObj(i -> words.text(random, random.nextInt(4, longest + 1)))
                .toList();
    }

    private void measure(int count, TextEmbedder apart, TextEmbedder joined, List<String> texts)
            throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(count);
        try {
            double[][] times = new double[2][rounds];
            double[] ratios = new double[rounds];
            round(pool, count, apart, texts);
            round(pool, count, joined, texts);
            for (int i = 0; i < rounds; i++) {
                // Who goes first changes, so that a passing disturbance meets both.
                for (int turn = 0; turn < 2; turn++) {
                    int side = (i + turn) % 2;
                    times[side][i] = round(pool, count, side == 0 ? apart : joined, texts);
                }
                ratios[i] = times[0][i] / times[1][i];
            }
            print.printf(
                    "%-8d  %-28s  %-28s  %s%n",
                    count, Sample.of(times[0]), Sample.of(times[1]), Sample.of(ratios) + " times");
        } finally {
            pool.shutdownNow();
        }
    }

    /** Milliseconds by call when all callers work through the texts. */
    private static double round(ExecutorService pool, int callers, TextEmbedder embedder, List<String> texts)
            throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        List<Future<?>> running = new ArrayList<>();
        for (int c = 0; c < callers; c++) {
            int first = c;
            running.add(pool.submit(() -> {
                for (int i = first; i < texts.size(); i += callers) {
                    embedder.embed(texts.get(i));
                }
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        return (System.nanoTime() - start) / 1e6 / texts.size();
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        new CommandLine(new ServingBenchmark(System.out)).execute(arguments);
    }
}
