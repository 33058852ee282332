package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.FilledToken;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fills the masked places of texts. */
@Command(name = "fill-mask", mixinStandardHelpOptions = true, description = "Fills the masked places of texts.")
public final class FillMask implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Parameters(
            arity = "1..*",
            paramLabel = "TEXT",
            description = "The texts; the model's mask, such as [MASK], marks a place.")
    List<String> texts = List.of();

    private final PrintStream print;

    FillMask(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        try (var filler = Pretrained.from(Models.id(model)).load(Task.FILL_MASK)) {
            for (String text : texts) {
                print.println(text);
                for (List<FilledToken> mask : filler.fill(text)) {
                    mask.forEach(t -> print.println(Bars.line(t.token(), 12, t.score()) + "  " + t.sequence()));
                }
            }
        }
        return 0;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new FillMask(System.out), arguments);
    }
}
