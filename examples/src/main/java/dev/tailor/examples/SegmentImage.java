package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.Drawing;
import dev.tailor.task.Segmentation;
import dev.tailor.zoo.preprocess.ImageDecoder;
import java.awt.image.BufferedImage;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a label on each pixel of pictures and colours them. */
@Command(
        name = "segment-image",
        mixinStandardHelpOptions = true,
        description = "Puts a label on each pixel of pictures and colours them.")
public final class SegmentImage implements Callable<Integer> {
    private static final int SHOWN = 10;

    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Option(names = "--out", description = "A folder for the coloured pictures (${DEFAULT-VALUE}).")
    Path out = Path.of(".");

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Picture files.")
    List<Path> files = List.of();

    private final PrintStream print;

    SegmentImage(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        try (var segmenter = Pretrained.from(Models.id(model)).load(Task.SEMANTIC_SEGMENTATION)) {
            for (Path file : files) {
                BufferedImage picture = ImageDecoder.standard().decode(file).toBufferedImage();
                Segmentation found = segmenter.segment(picture);
                Path drawn = Models.drawn(out, file, "labels");
                Drawing.png(Drawing.mask(picture, found), drawn);
                print.println(file);
                found.areas().entrySet().stream()
                        .limit(SHOWN)
                        .forEach(area -> print.println(Bars.line(area.getKey(), 20, area.getValue())));
                print.println("drawn in " + drawn);
            }
        }
        return 0;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new SegmentImage(System.out), arguments);
    }
}
