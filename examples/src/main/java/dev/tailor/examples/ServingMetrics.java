package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.TextEmbedder;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Embeds texts for many callers at once and prints what Micrometer has counted. */
@Command(
        name = "serving-metrics",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Embeds texts for many callers at once and prints what Micrometer has counted.")
public final class ServingMetrics implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Option(names = "--callers", description = "Callers at once; each embeds every text.")
    int callers = 8;

    @Parameters(arity = "1..*", paramLabel = "TEXT", description = "The texts.")
    List<String> texts = List.of();

    private final PrintStream print;

    ServingMetrics(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (TextEmbedder embedder = Pretrained.from(Models.id(model))
                .batching(32, Duration.ofMillis(2))
                .listener(new MicrometerListener(registry))
                .load(Task.TEXT_EMBEDDING)) {
            embed(embedder);
        }
        registry.getMeters().stream()
                .sorted(Comparator.comparing(m -> m.getId().getName()))
                .forEach(this::line);
        registry.close();
        return 0;
    }

    private void embed(TextEmbedder embedder) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(callers);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int c = 0; c < callers; c++) {
                running.add(pool.submit(() -> texts.forEach(embedder::embed)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void line(Meter meter) {
        String name = meter.getId().getName();
        if (meter instanceof Timer timer) {
            print.printf(
                    "%-20s %5d times, mean %.2f ms, most %.2f ms%n",
                    name, timer.count(), timer.mean(TimeUnit.MILLISECONDS), timer.max(TimeUnit.MILLISECONDS));
        } else if (meter instanceof DistributionSummary summary) {
            print.printf(
                    "%-20s %5d times, mean %.2f, most %.0f%n", name, summary.count(), summary.mean(), summary.max());
        }
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new ServingMetrics(System.out), arguments);
    }
}
