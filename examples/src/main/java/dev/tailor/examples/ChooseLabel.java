package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts labels of your own choice on texts, without training. */
@Command(
        name = "choose-label",
        mixinStandardHelpOptions = true,
        description = "Puts labels of your own choice on texts, without training.")
public final class ChooseLabel implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Option(names = "--labels", required = true, split = ",", description = "The labels, with commas between them.")
    List<String> labels = List.of();

    @Option(names = "--several", description = "Judge each label by itself.")
    boolean several;

    @Parameters(arity = "1..*", paramLabel = "TEXT", description = "The texts.")
    List<String> texts = List.of();

    private final PrintStream print;

    ChooseLabel(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        try (var classifier = Pretrained.from(Models.id(model))
                .load(Task.ZERO_SHOT_CLASSIFICATION)
                .multiLabel(several)) {
            for (String text : texts) {
                print.println(text);
                print.println(Bars.of(classifier.classify(text, labels), labels.size()));
            }
        }
        return 0;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new ChooseLabel(System.out), arguments);
    }
}
