package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.RankedDocument;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts documents in the order in which they fit a query. */
@Command(
        name = "rerank",
        mixinStandardHelpOptions = true,
        description = "Puts documents in the order in which they fit a query.")
public final class Rerank implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Option(names = "--query", required = true, description = "The query.")
    String query = "";

    @Parameters(arity = "1..*", paramLabel = "DOCUMENT", description = "The documents.")
    List<String> documents = List.of();

    private final PrintStream print;

    Rerank(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        try (var reranker = Pretrained.from(Models.id(model)).load(Task.RERANKING)) {
            for (RankedDocument document : reranker.rank(query, documents)) {
                print.println(Bars.line(Integer.toString(document.index()), 3, document.score()) + "  "
                        + document.document());
            }
        }
        return 0;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new Rerank(System.out), arguments);
    }
}
