package dev.tailor.examples.bench;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.TextEmbedder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Predicts for long on many threads with texts of random length and shows that memory stays where it was. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Predicts for long on many threads and watches the memory.")
public final class Soak implements Callable<Integer> {
    @Option(names = "--predictions", description = "Predictions in all.")
    int predictions = 100_000;

    @Option(names = "--warm-up", description = "Predictions before memory is first looked at.")
    int warmUp = 5_000;

    @Option(names = "--threads", description = "Threads that predict.")
    int threads = 8;

    @Option(names = "--longest", description = "The most tokens of a text.")
    int longest = 128;

    @Option(names = "--growth", description = "The allowed growth of resident memory, in percent.")
    double growth = 2;

    @Option(names = "--max-batch", description = "The most calls that are joined; 1 joins none.")
    int maxBatch = 1;

    private final PrintStream print;

    /** Creates the command; the report goes to {@code print}. */
    public Soak(PrintStream print) {
        this.print = print;
    }

    /** What was found. */
    record Outcome(long residentBefore, long residentAfter, int objectsBefore, int objectsAfter, int objectsLeft) {}

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        Outcome outcome = run();
        double grown = 100.0 * (outcome.residentAfter() - outcome.residentBefore()) / outcome.residentBefore();
        print.printf(
                "resident after %d predictions: %d MB, after %d: %d MB (%+.1f %%)%n",
                warmUp, outcome.residentBefore() / 1024, predictions, outcome.residentAfter() / 1024, grown);
        print.printf(
                "native objects: %d, then %d; left after close: %d%n",
                outcome.objectsBefore(), outcome.objectsAfter(), outcome.objectsLeft());
        boolean flat =
                grown <= growth && outcome.objectsBefore() == outcome.objectsAfter() && outcome.objectsLeft() == 0;
        print.println(flat ? "flat" : "NOT flat");
        return flat ? 0 : 1;
    }

    Outcome run() throws IOException, InterruptedException, ExecutionException {
        BertShape shape = new BertShape(2, 128, 4, 512, 2000, 512);
        try (RandomFolder folder = RandomFolder.of(shape)) {
            // The engine itself and its probes come first, so that only the model's own objects are counted.
            open(folder.path()).close();
            int empty = Memory.nativeObjects();
            long before;
            long after;
            int objectsBefore;
            int objectsAfter;
            try (TextEmbedder embedder = open(folder.path())) {
                predict(embedder, shape, 0, warmUp);
                before = resident();
                objectsBefore = Memory.nativeObjects() - empty;
                predict(embedder, shape, warmUp, predictions);
                after = resident();
                objectsAfter = Memory.nativeObjects() - empty;
            }
            return new Outcome(before, after, objectsBefore, objectsAfter, Memory.nativeObjects() - empty);
        }
    }

    private TextEmbedder open(Path folder) {
        Pretrained model = Pretrained.from(folder).threads(1);
        return (maxBatch > 1 ? model.batching(maxBatch, Duration.ofMillis(1)) : model).load(Task.TEXT_EMBEDDING);
    }

    private static long resident() throws IOException {
        System.gc();
        return Memory.kilobytes("VmRSS");
    }

    private void predict(TextEmbedder embedder, BertShape shape, int from, int to)
            throws InterruptedException, ExecutionException {
        RandomWords words = new RandomWords(shape.vocabulary());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            AtomicInteger next = new AtomicInteger(from);
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                running.add(pool.submit(() -> {
                    for (int i = next.getAndIncrement(); i < to; i = next.getAndIncrement()) {
                        SplittableRandom random = new SplittableRandom(i);
                        embedder.embed(words.text(random, random.nextInt(3, longest + 1)));
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        new CommandLine(new Soak(System.out)).execute(arguments);
    }
}
