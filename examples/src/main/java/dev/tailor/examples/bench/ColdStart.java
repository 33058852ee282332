package dev.tailor.examples.bench;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.TextEmbedder;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times a fresh process from its start to its first answer, with the model on the disk. */
@Command(
        name = "cold-start",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Times a fresh process from its start to its first answer.")
public final class ColdStart implements Callable<Integer> {
    @Option(names = "--runs", description = "Processes, one after the other; the first one fills the caches.")
    int runs = 5;

    @Option(names = "--layers", description = "Layers of the encoder; 6 make 90 MB.")
    int layers = 6;

    @Option(names = "--jvm", description = "An option for the processes' Java, such as -XX:SharedArchiveFile=app.jsa.")
    List<String> jvm = List.of();

    private final PrintStream print;

    /** Creates the command; the report goes to {@code print}. */
    public ColdStart(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (RandomFolder folder = RandomFolder.of(new BertShape(layers, 384, 12, 1536, 30522, 512))) {
            List<String> phases = new ArrayList<>();
            List<double[]> times = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                String[] found = child(folder.path()).strip().split("\\s+", -1);
                phases.clear();
                double[] one = new double[found.length / 2];
                for (int p = 0; p < one.length; p++) {
                    phases.add(found[2 * p]);
                    one[p] = Double.parseDouble(found[2 * p + 1]);
                }
                times.add(one);
            }
            print.println(
                    "Milliseconds since the process started: median (fastest - slowest) of " + runs + " processes");
            for (int p = 0; p < phases.size(); p++) {
                int phase = p;
                double[] all = times.stream().mapToDouble(t -> t[phase]).toArray();
                print.printf("%-16s %s%n", phases.get(p), Sample.of(all));
            }
        }
        return 0;
    }

    private String child(Path model) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", classPath(), Child.class.getName(), model.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException("the process ended with " + status + " and said: " + output);
        }
        return output;
    }

    /** Maven runs examples in a class loader of its own, of which the system property knows nothing. */
    private static String classPath() {
        if (ColdStart.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs())
                    .map(url -> Path.of(URI.create(url.toString())).toString())
                    .collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }

    /** The process that is timed. */
    static final class Child {
        private Child() {}

        /** Prints phases and when they ended. */
        public static void main(String[] arguments) {
            long started = ManagementFactory.getRuntimeMXBean().getStartTime();
            StringBuilder found = new StringBuilder();
            phase(found, "java", started);
            try (TextEmbedder embedder = Pretrained.from(Path.of(arguments[0])).load(Task.TEXT_EMBEDDING)) {
                phase(found, "model", started);
                float[] vector = embedder.embed("word17 word19 word23 word5").vector();
                phase(found, Arrays.hashCode(vector) == 0 ? "none" : "answer", started);
                embedder.embed("word18 word9");
                phase(found, "second", started);
            }
            System.out.println(found);
        }

        private static void phase(StringBuilder found, String name, long started) {
            found.append(String.format(Locale.ROOT, "%s %d ", name, System.currentTimeMillis() - started));
        }
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        new CommandLine(new ColdStart(System.out)).execute(arguments);
    }
}
