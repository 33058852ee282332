package dev.tailor.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import dev.tailor.Pretrained;
import dev.tailor.PretrainedModel;
import dev.tailor.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Times a forward pass of this library against the same network written as plain DJL calls, in one process, in turns. The
 * sizes are those of all-MiniLM-L6-v2; the weights are random, which costs the same.
 */
@Command(
        name = "forward-benchmark",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Times a forward pass against the same network as plain DJL calls.")
public final class ForwardBenchmark implements Callable<Integer> {
    private static final double TOLERANCE = 1e-4;
    /** A round repeats a call for about this long, so that the clock and a passing disturbance matter little. */
    private static final double ROUND_NANOS = 60e6;

    @Option(names = "--sizes", split = ",", description = "Batches as texts x tokens.")
    List<String> sizes = List.of("1x16", "1x128", "16x128", "8x512");

    @Option(names = "--rounds", description = "Turns of each side for each size.")
    int rounds = 11;

    @Option(names = "--threads", description = "Threads within a call, for both sides; 0 takes all cores.")
    int threads;

    @Mixin
    BertOptions encoder = new BertOptions();

    private final PrintStream print;

    /** Creates the command; the table goes to {@code print}. */
    public ForwardBenchmark(PrintStream print) {
        this.print = print;
    }

    /** One side of the comparison: gives the last hidden state, attached to the manager. */
    @FunctionalInterface
    private interface Side {
        NDArray run(NDArray ids, NDArray mask, NDManager target);
    }

    @Override
    public Integer call() throws IOException {
        int longest = sizes.stream().mapToInt(s -> parse(s)[1]).max().orElseThrow();
        BertShape shape = encoder.shape(Math.max(512, longest));
        Path folder = Files.createTempDirectory("tailor-benchmark");
        try {
            RandomBert.write(folder, shape, 42);
            compare(shape, folder);
        } finally {
            Files.deleteIfExists(folder.resolve("model.safetensors"));
            Files.deleteIfExists(folder.resolve("config.json"));
            Files.deleteIfExists(folder);
        }
        return 0;
    }

    private void compare(BertShape shape, Path folder) {
        try (PretrainedModel model = Pretrained.from(folder).load();
                NDManager manager = model.newManager();
                PlainBert plain = new PlainBert(shape, Checkpoint.open(folder), manager)) {
            Side tailor = (ids, mask, target) -> {
                Map<String, NDArray> outputs = model.forward(Map.of("input_ids", ids, "attention_mask", mask));
                NDArray states = Objects.requireNonNull(outputs.get("last_hidden_state"));
                states.attach(target);
                return states;
            };
            int before = JniUtils.getNumThreads();
            boolean gradients = JniUtils.isGradMode();
            JniUtils.setNumThreads(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
            JniUtils.setGradMode(false);
            try {
                header(shape, model);
                for (String size : sizes) {
                    measure(size, tailor, plain::forward, manager);
                }
            } finally {
                JniUtils.setGradMode(gradients);
                JniUtils.setNumThreads(before);
            }
        }
    }

    private void header(BertShape shape, PretrainedModel model) {
        print.printf(
                "%s %s, %d cores, Java %s (%s), %d threads a call, on %s%n",
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                System.getProperty("java.vendor"),
                JniUtils.getNumThreads(),
                model.device());
        print.println(shape + ", random weights, 32-bit floats");
        print.println("Milliseconds a call: median (fastest - slowest) of " + rounds + " rounds in turns");
        print.printf(
                "%-10s  %-28s  %-28s  %-7s  %s%n",
                "size", "Tailor", "DJL, array by array", "ratio", "largest difference");
    }

    private void measure(String size, Side tailor, Side plain, NDManager manager) {
        int[] parsed = parse(size);
        try (NDManager inputs = manager.newSubManager()) {
            NDArray ids = ids(inputs, parsed[0], parsed[1]);
            NDArray mask = mask(inputs, parsed[0], parsed[1]);
            double difference = difference(size, tailor, plain, ids, mask, inputs);
            int ours = calls(tailor, ids, mask, inputs);
            int theirs = calls(plain, ids, mask, inputs);
            double[][] times = new double[2][rounds];
            for (int i = 0; i < rounds; i++) {
                // Who goes first changes, so that neither side always finds the other's data in the caches.
                if (i % 2 == 0) {
                    times[0][i] = time(tailor, ours, ids, mask, inputs);
                    times[1][i] = time(plain, theirs, ids, mask, inputs);
                } else {
                    times[1][i] = time(plain, theirs, ids, mask, inputs);
                    times[0][i] = time(tailor, ours, ids, mask, inputs);
                }
            }
            Sample first = Sample.of(times[0]);
            Sample second = Sample.of(times[1]);
            print.printf(
                    "%-10s  %-28s  %-28s  %-7s  %.1e%n",
                    size, first, second, ratio(second.median() / first.median()), difference);
        }
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** Runs both sides once and compares what comes out; nothing is timed that is not the same. */
    private static double difference(
            String size, Side tailor, Side plain, NDArray ids, NDArray mask, NDManager manager) {
        try (NDManager call = manager.newSubManager()) {
            float[] a = tailor.run(ids, mask, call).toFloatArray();
            float[] b = plain.run(ids, mask, call).toFloatArray();
            double largest = a.length == b.length ? 0 : Double.NaN;
            for (int i = 0; i < a.length && !Double.isNaN(largest); i++) {
                double difference = Math.abs((double) a[i] - b[i]);
                largest = Double.isNaN(difference) ? difference : Math.max(largest, difference);
            }
            if (!(largest < TOLERANCE)) {
                throw new IllegalStateException("The two sides do not compute the same at " + size
                        + ": the last hidden states differ by up to " + largest + ", allowed is " + TOLERANCE);
            }
            return largest;
        }
    }

    /** Warms up, and says how many calls fill a round. */
    private static int calls(Side side, NDArray ids, NDArray mask, NDManager manager) {
        double nanos = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            nanos = Math.min(nanos, 1e6 * time(side, 1, ids, mask, manager));
        }
        int calls = (int) Math.max(1, Math.min(1000, ROUND_NANOS / nanos));
        time(side, calls, ids, mask, manager);
        return calls;
    }

    private static double time(Side side, int calls, NDArray ids, NDArray mask, NDManager manager) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            try (NDManager call = manager.newSubManager()) {
                side.run(ids, mask, call);
            }
        }
        return (System.nanoTime() - start) / 1e6 / calls;
    }

    private NDArray ids(NDManager manager, int batch, int length) {
        SplittableRandom random = new SplittableRandom(7);
        long[] ids = random.longs((long) batch * length, 0, encoder.vocabulary).toArray();
        return manager.create(ids, new Shape(batch, length));
    }

    /** Every second text is a quarter shorter than the batch, as padding makes it. */
    private static NDArray mask(NDManager manager, int batch, int length) {
        long[] mask = new long[batch * length];
        Arrays.fill(mask, 1);
        for (int i = 1; i < batch; i += 2) {
            Arrays.fill(mask, i * length + length - length / 4, (i + 1) * length, 0);
        }
        return manager.create(mask, new Shape(batch, length));
    }

    private static int[] parse(String size) {
        String[] parts = size.strip().split("x", 2);
        try {
            int batch = Integer.parseInt(parts[0]);
            int length = Integer.parseInt(parts[1]);
            if (batch > 0 && length > 0) {
                return new int[] {batch, length};
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a size is written as 16x128, found \"" + size + "\"", e);
        }
        throw new IllegalArgumentException("a size is made of two positive numbers, found \"" + size + "\"");
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        new CommandLine(new ForwardBenchmark(System.out)).execute(arguments);
    }
}
