package dev.tailor.examples;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.Answer;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds the answer to a question in a text. */
@Command(
        name = "answer-question",
        mixinStandardHelpOptions = true,
        description = "Finds the answer to a question in a text.")
public final class AnswerQuestion implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "A model id, or a folder.")
    String model = "";

    @Option(names = "--context", required = true, description = "The text that holds the answer.")
    String context = "";

    @Parameters(arity = "1..*", paramLabel = "QUESTION", description = "The questions.")
    List<String> questions = List.of();

    private final PrintStream print;

    AnswerQuestion(PrintStream print) {
        this.print = print;
    }

    @Override
    public Integer call() {
        try (var answerer =
                Pretrained.from(Models.id(model)).load(Task.QUESTION_ANSWERING).topK(3)) {
            for (String question : questions) {
                print.println(question);
                for (Answer answer : answerer.answers(question, context)) {
                    print.println(
                            Bars.line(answer.start() + "-" + answer.end(), 9, answer.score()) + "  " + answer.text());
                }
            }
        }
        return 0;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.run(new AnswerQuestion(System.out), arguments);
    }
}
