package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.Aggregation;
import dev.tailor.task.Entity;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds names and places in texts. */
@Command(name = "recognize-entities", mixinStandardHelpOptions = true, description = "Finds names and places in texts.")
public final class RecognizeEntities implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Option(names = "--aggregation", defaultValue = "SIMPLE", description = "One of ${COMPLETION-CANDIDATES}.")
    Aggregation aggregation = Aggregation.SIMPLE;

    @Parameters(arity = "1..*", paramLabel = "TEXT", description = "The texts.")
    List<String> texts = List.of();

    private final PrintStream print;

    RecognizeEntities(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        try (var recognizer = Pretrained.from(Models.id(model))
                .load(Task.TOKEN_CLASSIFICATION)
                .aggregation(aggregation)) {
            for (String text : texts) {
                print.println(text);
                for (Entity entity : recognizer.recognize(text)) {
                    print.println(Bars.line(entity.label(), 6, entity.score()) + "  " + entity.in(text));
                }
            }
        }
        return 0;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new RecognizeEntities(System.out), arguments);
    }
}
