package dev.tailor.examples.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import dev.tailor.Precision;
import dev.tailor.Registry;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.engine.Engine;
import dev.tailor.engine.Optimizer;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.program.Head;
import dev.tailor.program.Losses;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import dev.tailor.zoo.text.Bert;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Times a training step (forward, backward, clipping, AdamW) against the same step written as plain DJL calls with a gradient
 * collector, in one process, in turns: same network, weights, batch and recipe. Both must give the same losses.
 */
@Command(
        name = "training-benchmark",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Times a training step against the same step as plain DJL calls.")
public final class TrainingBenchmark implements Callable<Integer> {
    private static final int CLASSES = 16;
    private static final double RATE = 1e-4;
    private static final double DECAY = 0.01;
    /** DJL adds it before the moments are corrected, PyTorch after: so small, it makes no difference. */
    private static final double EPSILON = 1e-12;

    private static final double TOLERANCE = 1e-3;

    @Option(names = "--sizes", split = ",", description = "Batches as texts x tokens.")
    List<String> sizes = List.of("8x32", "8x128");

    @Option(names = "--rounds", description = "Steps of each side for each size.")
    int rounds = 15;

    @Option(names = "--threads", description = "Threads within a step, for both sides; 0 takes all cores.")
    int threads;

    @Mixin
    BertOptions encoder = new BertOptions();

    private final PrintStream print;

    /** Creates the command; the table goes to {@code print}. */
    public TrainingBenchmark(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() throws IOException {
        BertShape shape = encoder.shape(512);
        Path folder = Files.createTempDirectory("tailor-benchmark");
        Registry.engine("PyTorch").require(Device.cpu());
        int before = JniUtils.getNumThreads();
        try {
            RandomBert.write(folder, shape, 42);
            JniUtils.setNumThreads(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
            print.printf(
                    "%s %s, %d cores, Java %s, %d threads a step%n%s, random weights, 32-bit floats, AdamW%n",
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"),
                    Runtime.getRuntime().availableProcessors(),
                    System.getProperty("java.version"),
                    JniUtils.getNumThreads(),
                    shape);
            print.println("Milliseconds a step: median (fastest - slowest) of " + rounds + " rounds in turns");
            print.printf("%-8s  %-28s  %-28s  %s%n", "size", "Tailor", "DJL, array by array", "ratio (quartiles)");
            for (String size : sizes) {
                measure(size, shape, folder);
            }
        } finally {
            JniUtils.setNumThreads(before);
            Files.deleteIfExists(folder.resolve("model.safetensors"));
            Files.deleteIfExists(folder.resolve("config.json"));
            Files.deleteIfExists(folder);
        }
        return 0;
    }

    /** Cross entropy over the first numbers of the first token's state, so that no head is needed. */
    private static Objective objective() {
        return (scope, outputs) -> {
            Value states = Objective.output(outputs, "last_hidden_state");
            Value logits = states.select(1, 0).slice(1, 0, CLASSES);
            return Losses.crossEntropy(0, List.of(), 0).loss(scope, Map.of("logits", logits));
        };
    }

    private static TrainableNetwork network(Path folder) {
        TracedModel model = TracedModel.of(
                        Bert.ARCHITECTURE,
                        ModelConfig.read(folder.resolve("config.json")),
                        Head.BASE,
                        Checkpoint.open(folder),
                        "a random BERT")
                .trace();
        Engine.Settings settings = new Engine.Settings("a random BERT", Device.cpu(), Precision.FLOAT32, 0);
        return Registry.engine("PyTorch")
                .training(
                        model.withObjective(objective()),
                        new Engine.TrainingSettings(settings, key -> true, new Optimizer.AdamW(0.9, 0.999, EPSILON)));
    }

    private void measure(String size, BertShape shape, Path folder) {
        int batch = Integer.parseInt(size.split("x", 2)[0]);
        int length = Integer.parseInt(size.split("x", 2)[1]);
        try (TrainableNetwork network = network(folder);
                NDManager manager = network.newManager();
                PlainBert bert = new PlainBert(shape, Checkpoint.open(folder), manager)) {
            PlainTraining plain = new PlainTraining(bert, (float) RATE, (float) DECAY, (float) EPSILON, CLASSES);
            SplittableRandom random = new SplittableRandom(7);
            NDArray ids = manager.create(
                    random.longs((long) batch * length, 0, encoder.vocabulary).toArray(), new Shape(batch, length));
            long[] ones = new long[batch * length];
            Arrays.fill(ones, 1);
            NDArray mask = manager.create(ones, new Shape(batch, length));
            NDArray labels = manager.create(random.longs(batch, 0, CLASSES).toArray());
            Map<String, NDArray> inputs = Map.of("input_ids", ids, "attention_mask", mask, Losses.LABELS, labels);
            double[] rates = new double[network.trainable().size()];
            double[] decays = new double[rates.length];
            Arrays.fill(rates, RATE);
            Arrays.fill(decays, DECAY);
            TrainableNetwork.Update update = new TrainableNetwork.Update(rates, decays, 1);
            DoubleSupplier ours = () -> {
                double loss = network.accumulate(inputs, 1, 0);
                network.update(update);
                return loss;
            };
            compare(size, ours, () -> plain.step(ids, mask, labels, manager));
        }
    }

    private void compare(String size, DoubleSupplier ours, DoubleSupplier theirs) {
        for (int i = 0; i < 4; i++) {
            require(size, i, ours.getAsDouble(), theirs.getAsDouble());
        }
        double[][] times = new double[2][rounds];
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            // Who goes first changes, so that neither side always finds the other's data in the caches.
            times[i % 2][i] = time(i % 2 == 0 ? ours : theirs);
            times[1 - i % 2][i] = time(i % 2 == 0 ? theirs : ours);
            ratios[i] = times[1][i] / times[0][i];
        }
        Arrays.sort(ratios);
        print.printf(
                Locale.ROOT,
                "%-8s  %-28s  %-28s  %.2f (%.2f - %.2f)%n",
                size,
                Sample.of(times[0]),
                Sample.of(times[1]),
                Sample.of(ratios).median(),
                ratios[rounds / 4],
                ratios[3 * rounds / 4]);
    }

    private static double time(DoubleSupplier step) {
        long start = System.nanoTime();
        double loss = step.getAsDouble();
        double millis = (System.nanoTime() - start) / 1e6;
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException("a step gave the loss " + loss);
        }
        return millis;
    }

    /** Nothing is timed that is not the same. */
    private static void require(String size, int step, double ours, double theirs) {
        if (!(Math.abs(ours - theirs) < TOLERANCE * Math.max(1, Math.abs(theirs)))) {
            throw new IllegalStateException("The two sides do not compute the same at " + size + ": the loss of step "
                    + step + " is " + ours + " and " + theirs);
        }
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        new CommandLine(new TrainingBenchmark(System.out)).execute(arguments);
    }
}
