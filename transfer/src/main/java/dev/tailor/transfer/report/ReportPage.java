package dev.tailor.transfer.report;

import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.task.ClassificationEvaluation;
import dev.tailor.task.Evaluation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.EpochReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One web page about a training: curves, confusion matrix, mistakes, data, recipe and provenance. It needs no network and runs no
 * script, and whatever comes from data is shown as text.
 */
public final class ReportPage {
    private static final int MOST_CLASSES = 200;

    private final TrainingRun run;
    private final StringBuilder out = new StringBuilder();

    private ReportPage(TrainingRun run) {
        this.run = run;
    }

    /**
     * What was measured.
     *
     * @param data the examples
     * @param evaluation the numbers
     * @param answers one for each example, or fewer where the task gives none
     */
    public record Measured(Dataset<?, ?> data, Evaluation evaluation, List<?> answers) {}

    /**
     * Writes the page; an existing file is replaced in one step.
     *
     * @param measured null for a page about the training alone
     * @throws TailorException if the file cannot be written
     */
    public static void write(Path file, TrainingRun run, @Nullable Measured measured) {
        try {
            AtomicFiles.write(file, html(run, measured).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new TailorException("Cannot write the report " + file + ": " + e, e);
        }
    }

    static String html(TrainingRun run, @Nullable Measured measured) {
        return new ReportPage(run).page(measured);
    }

    private String page(@Nullable Measured measured) {
        String title = run.base().publicName() + ", fine-tuned for " + run.task();
        out.append(PageStyle.head(title))
                .append("<h1>")
                .append(Html.escape(title))
                .append("</h1>\n<p>");
        out.append(Html.escape(run.strategy()))
                .append(", ")
                .append(run.train().size())
                .append(" examples, ended ")
                .append(run.ended())
                .append("</p>\n");
        if (measured != null) {
            measured(measured.evaluation(), measured.data().size());
        }
        curves();
        if (measured != null) {
            if (measured.evaluation() instanceof ClassificationEvaluation classes) {
                out.append(ConfusionTable.html(classes));
            } else {
                out.append("<h2>Evaluation</h2>\n<pre>")
                        .append(Html.escape(measured.evaluation().toString()))
                        .append("</pre>\n");
            }
            out.append(Mistakes.html(measured.data(), measured.answers()));
        }
        data();
        table("Recipe", run.recipe());
        provenance();
        return out.append("</main></body></html>\n").toString();
    }

    private void measured(Evaluation evaluation, int size) {
        out.append("<h2>Metrics on ").append(size).append(" examples</h2>\n<dl>\n");
        evaluation
                .metrics()
                .forEach((name, value) -> out.append("<div><dt>")
                        .append(Html.escape(name))
                        .append("</dt><dd>")
                        .append(Html.fixed(value))
                        .append("</dd></div>\n"));
        out.append("</dl>\n");
    }

    private void curves() {
        if (run.epochs().isEmpty()) {
            return;
        }
        out.append("<h2>Training</h2>\n<div class=\"charts\">\n");
        double[] steps =
                run.steps().stream().mapToDouble(StepHistory.Point::step).toArray();
        LineChart loss = new LineChart("Loss", "epoch", false);
        int last = run.steps().isEmpty()
                ? 0
                : run.steps().get(run.steps().size() - 1).step();
        double perEpoch =
                (double) last / run.epochs().get(run.epochs().size() - 1).epoch();
        double[] epochs = of(EpochReport::epoch);
        loss.add(new LineChart.Curve("training", epochs, of(EpochReport::trainLoss), false));
        if (run.validation().size() > 0) {
            loss.add(new LineChart.Curve("validation", epochs, of(EpochReport::validationLoss), false));
        }
        double[] share =
                run.steps().stream().mapToDouble(p -> p.step() / perEpoch).toArray();
        loss.add(new LineChart.Curve(
                "batches",
                share,
                run.steps().stream().mapToDouble(StepHistory.Point::loss).toArray(),
                true));
        out.append(loss.svg());
        if (run.epochs().stream().anyMatch(EpochReport::scored)) {
            String name = run.scoreName().replace('_', ' ');
            out.append(new LineChart("Validation " + name, "epoch", false)
                    .add(new LineChart.Curve(name, epochs, of(EpochReport::validationScore), false))
                    .svg());
        }
        double[] rates = run.steps().stream()
                .mapToDouble(StepHistory.Point::learningRate)
                .toArray();
        out.append(new LineChart("Learning rate", "step", false)
                .add(new LineChart.Curve("rate", steps, rates, false))
                .svg());
        out.append("</div>\n");
    }

    private double[] of(ToDoubleFunction<EpochReport> value) {
        return run.epochs().stream().mapToDouble(value).toArray();
    }

    private void data() {
        out.append("<h2>Data</h2>\n<p>");
        out.append(run.dataName().isEmpty() ? "" : Html.escape(run.dataName()) + ": ");
        out.append(run.train().size())
                .append(" examples for training, ")
                .append(run.validation().size())
                .append(" for validation.</p>\n");
        Map<String, Integer> classes = run.train().classes();
        if (classes.isEmpty()) {
            return;
        }
        out.append("<div class=\"wide\"><table>\n").append(Html.head(List.of("Label", "Training", "Validation")));
        classes.entrySet().stream()
                .limit(MOST_CLASSES)
                .forEach(e -> out.append(Html.row(List.of(
                        e.getKey(),
                        e.getValue().toString(),
                        Objects.requireNonNull(run.validation().classes().getOrDefault(e.getKey(), 0))
                                .toString()))));
        out.append("</table></div>\n");
    }

    private void table(String title, Map<String, String> rows) {
        out.append("<h2>").append(title).append("</h2>\n<div class=\"wide\"><table>\n");
        rows.forEach((key, value) -> out.append(Html.row(List.of(key, value))));
        out.append("</table></div>\n");
    }

    private void provenance() {
        out.append("<h2>Provenance</h2>\n<pre>")
                .append(Html.escape(Provenance.json(run)))
                .append("</pre>\n");
    }
}
