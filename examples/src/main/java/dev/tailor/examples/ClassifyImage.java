package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts labels on pictures. */
@Command(name = "classify-image", mixinStandardHelpOptions = true, description = "Puts labels on pictures.")
public final class ClassifyImage implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Picture files.")
    List<Path> files = List.of();

    private final PrintStream print;

    ClassifyImage(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        try (var classifier = Pretrained.from(Models.id(model)).load(Task.IMAGE_CLASSIFICATION)) {
            for (Path file : files) {
                print.println(file);
                print.println(Bars.of(classifier.classify(file), 5));
            }
        }
        return 0;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new ClassifyImage(System.out), arguments);
    }
}
