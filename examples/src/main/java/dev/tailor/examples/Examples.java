package dev.tailor.examples;

import dev.tailor.examples.bench.ForwardBenchmark;
import dev.tailor.transfer.Progress;
import java.io.PrintStream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** One front door for all examples: {@code quick-start}, {@code classify-text}, {@code tune-images} and so on. */
@Command(
        name = "examples",
        mixinStandardHelpOptions = true,
        description = "Examples of Tailor; each is a class of its own that can be copied.")
public final class Examples {
    private Examples() {}

    /** The command line with every example as a sub-command that writes to {@code print}. */
    static CommandLine commandLine(PrintStream print) {
        return prepare(new CommandLine(new Examples())
                .addSubcommand(new QuickStart(print))
                .addSubcommand(new ClassifyText(print))
                .addSubcommand(new ClassifyImage(print))
                .addSubcommand(new DetectObjects(print))
                .addSubcommand(new SegmentImage(print))
                .addSubcommand(new Embed(print))
                .addSubcommand(new ServingMetrics(print))
                .addSubcommand(new EvaluateEmbeddings(print))
                .addSubcommand(new ClassifyByEmbeddings(print))
                .addSubcommand(new FewShot(print))
                .addSubcommand(new RecognizeEntities(print))
                .addSubcommand(new AnswerQuestion(print))
                .addSubcommand(new FillMask(print))
                .addSubcommand(new ChooseLabel(print))
                .addSubcommand(new Rerank(print))
                .addSubcommand(new TuneImages(print))
                .addSubcommand(new TuneText(print))
                .addSubcommand(new CompareStrategies(print))
                .addSubcommand(Hub.command(print, Progress.onTerminal()))
                .addSubcommand(new PretrainPictograms(print))
                .addSubcommand(new ForwardBenchmark(print)));
    }

    /** Runs a command; what goes wrong is told in one message, the trace only in the log. */
    static int run(Object command, String... arguments) {
        return prepare(new CommandLine(command)).execute(arguments);
    }

    static CommandLine prepare(CommandLine line) {
        return line.setExecutionExceptionHandler((exception, command, result) -> {
            LoggerFactory.getLogger(Examples.class).debug("The example failed", exception);
            command.getErr().println(exception.getMessage() == null ? exception : exception.getMessage());
            return 1;
        });
    }

    /** Runs one. */
    public static void main(String[] arguments) {
        commandLine(System.out).execute(arguments);
    }
}
