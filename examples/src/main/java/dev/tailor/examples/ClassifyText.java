package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts labels on texts. */
@Command(name = "classify-text", mixinStandardHelpOptions = true, description = "Puts labels on texts.")
public final class ClassifyText implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Parameters(arity = "1..*", paramLabel = "TEXT", description = "The texts.")
    List<String> texts = List.of();

    private final PrintStream print;

    ClassifyText(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        try (var classifier = Pretrained.from(Models.id(model)).load(Task.TEXT_CLASSIFICATION)) {
            for (String text : texts) {
                print.println(text);
                print.println(Bars.of(classifier.classify(text), 5));
            }
        }
        return 0;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new ClassifyText(System.out), arguments);
    }
}
