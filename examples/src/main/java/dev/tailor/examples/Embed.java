package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.Embedding;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns texts into vectors and compares them. */
@Command(name = "embed", mixinStandardHelpOptions = true, description = "Turns texts into vectors and compares them.")
public final class Embed implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Parameters(arity = "1..*", paramLabel = "TEXT", description = "The texts; the first is compared with the others.")
    List<String> texts = List.of();

    private final PrintStream print;

    Embed(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        try (var embedder = Pretrained.from(Models.id(model)).load(Task.TEXT_EMBEDDING)) {
            List<Embedding> vectors = embedder.embed(texts);
            for (int i = 0; i < vectors.size(); i++) {
                print.println(texts.get(i) + ": " + vectors.get(i));
                print.println(Bars.line("cosine", 6, vectors.get(0).cosine(vectors.get(i))));
            }
        }
        return 0;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new Embed(System.out), arguments);
    }
}
