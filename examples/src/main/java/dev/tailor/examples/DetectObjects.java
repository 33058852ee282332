package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.Detections;
import dev.tailor.task.Drawing;
import dev.tailor.zoo.preprocess.ImageDecoder;
import java.awt.image.BufferedImage;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds objects in pictures and draws boxes around them. */
@Command(
        name = "detect-objects",
        mixinStandardHelpOptions = true,
        description = "Finds objects in pictures and draws boxes around them.")
public final class DetectObjects implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Option(names = "--threshold", description = "The score that an object must exceed (${DEFAULT-VALUE}).")
    double threshold = 0.5;

    @Option(names = "--out", description = "A folder for the drawn pictures (${DEFAULT-VALUE}).")
    Path out = Path.of(".");

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Picture files.")
    List<Path> files = List.of();

    private final PrintStream print;

    DetectObjects(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        try (var detector =
                Pretrained.from(Models.id(model)).load(Task.OBJECT_DETECTION).threshold(threshold)) {
            for (Path file : files) {
                BufferedImage picture = ImageDecoder.standard().decode(file).toBufferedImage();
                Detections found = detector.detect(picture);
                Path drawn = Models.drawn(out, file, "objects");
                Drawing.png(Drawing.boxes(picture, found), drawn);
                print.println(file);
                print.println(found);
                print.println("drawn in " + drawn);
            }
        }
        return 0;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new DetectObjects(System.out), arguments);
    }
}
