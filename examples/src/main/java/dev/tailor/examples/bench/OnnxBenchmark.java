package dev.tailor.examples.bench;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.tailor.Precision;
import dev.tailor.Pretrained;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Times forward passes of this library against ONNX Runtime on the same networks, exported by {@link
 * Pretrained#exportOnnx(java.nio.file.Path)}, in one process, in turns. Weights are random, which costs the same. What both
 * compute is compared before it is timed; conversions of inputs and results to and from the heap are left out on both sides.
 */
@Command(
        name = "onnx-benchmark",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Times forward passes against ONNX Runtime on the same networks.")
public final class OnnxBenchmark implements Callable<Integer> {
    @Option(names = "--models", split = ",", description = "Networks: ${COMPLETION-CANDIDATES}.")
    List<Benchmarked> models = List.of(Benchmarked.values());

    @Option(names = "--sizes", split = ",", description = "Batches: texts x tokens, or a number of pictures.")
    List<String> sizes = List.of("1x16", "1x128", "16x128", "8x512", "1", "16");

    @Option(names = "--precision", split = ",", description = "What Tailor computes in: ${COMPLETION-CANDIDATES}.")
    List<Precision> precisions = List.of(Precision.FLOAT32, Precision.BFLOAT16);

    @Option(names = "--rounds", description = "Turns of each side for each size.")
    int rounds = 11;

    @Option(names = "--threads", description = "Threads within a call, for all sides; 0 takes all cores.")
    int threads;

    @Option(names = "--no-mask", negatable = true, description = "Give texts an attention mask; yes unless told.")
    boolean masked = true;

    @Option(names = "--djl", description = "Also the BERTs as plain DJL calls.")
    boolean djl;

    private final PrintStream print;

    /** Creates the command; the table goes to {@code print}. */
    public OnnxBenchmark(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() throws IOException, OrtException {
        List<BatchSize> batches = sizes.stream().map(BatchSize::parse).toList();
        int used = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        print.printf(
                "%s %s, %d cores, Java %s, ONNX Runtime %s, %d threads a call%n",
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                OrtEnvironment.getEnvironment().getVersion(),
                used);
        print.println("Milliseconds a call: median (quartiles) of " + rounds + " rounds in turns; ratio: how many times"
                + " faster than ONNX Runtime (32-bit floats)");
        print.printf("%-13s %-7s %-18s %-28s %-6s %s%n", "network", "size", "", "ms", "ratio", "difference");
        Map<String, List<Double>> ratios = new LinkedHashMap<>();
        for (Benchmarked network : models) {
            try (RandomModel model = RandomModel.of(network.config())) {
                export(network, model);
                for (BatchSize size : batches) {
                    if (size.ofText() == network.readsText()) {
                        measure(network, model, size, used, ratios);
                    }
                }
            }
        }
        ratios.forEach((side, all) -> print.printf(
                Locale.ROOT,
                "%s: geometric mean %.2f, least %.2f%n",
                side,
                Math.exp(all.stream().mapToDouble(Math::log).average().orElseThrow()),
                all.stream().mapToDouble(r -> r).min().orElseThrow()));
        return 0;
    }

    private void export(Benchmarked network, RandomModel model) {
        Pretrained pretrained = Pretrained.from(model.folder());
        if (network.readsText()) {
            pretrained.exportOnnx(model.onnx(), masked ? Set.of("input_ids", "attention_mask") : Set.of("input_ids"));
        } else {
            pretrained.exportOnnx(model.onnx());
        }
    }

    private void measure(
            Benchmarked network, RandomModel model, BatchSize size, int used, Map<String, List<Double>> ratios)
            throws OrtException {
        List<Contender> sides = new ArrayList<>();
        try {
            sides.add(OnnxContender.of(model.onnx(), network, size, masked, used));
            for (Precision precision : precisions) {
                sides.add(TailorContender.of(model.folder(), precision, network, size, masked, used));
            }
            if (djl && network.bert().isPresent()) {
                sides.add(PlainContender.of(model.folder(), network.bert().get(), network, size, used));
            }
            List<Difference> differences = compare(sides, network + " at " + size);
            Quartiles[] times = new Rounds(rounds).time(sides);
            for (int i = 0; i < sides.size(); i++) {
                Contender side = sides.get(i);
                double ratio = times[0].median() / times[i].median();
                if (i > 0) {
                    ratios.computeIfAbsent(
                                    (network.readsText() ? "texts, " : "pictures, ") + side.name(),
                                    k -> new ArrayList<>())
                            .add(ratio);
                }
                print.printf(
                        Locale.ROOT,
                        "%-13s %-7s %-18s %-28s %-6.2f %s%n",
                        network,
                        size,
                        side.name(),
                        times[i],
                        ratio,
                        i == 0 ? "" : differences.get(i));
            }
        } finally {
            sides.forEach(Contender::close);
        }
    }

    /** Runs all sides once and compares what comes out; nothing is timed that is not the same. */
    private static List<Difference> compare(List<Contender> sides, String what) {
        float[] expected = sides.get(0).result();
        List<Difference> differences = new ArrayList<>();
        for (Contender side : sides) {
            Difference difference = Difference.of(side.result(), expected);
            boolean exact = !side.name().startsWith("Tailor") || side.name().endsWith(Precision.FLOAT32.name());
            difference.require(exact, side.name() + " of " + what);
            differences.add(difference);
        }
        return differences;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        new CommandLine(new OnnxBenchmark(System.out))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }
}
