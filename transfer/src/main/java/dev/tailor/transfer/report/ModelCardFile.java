package dev.tailor.transfer.report;

import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.transfer.train.EpochReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes {@code README.md}, the model card of a folder that holds a fitted model. */
public final class ModelCardFile {
    private static final Logger log = LoggerFactory.getLogger(ModelCardFile.class);
    private static final String NAME = "README.md";
    private static final String MARKER = "<!-- Written by Tailor; delete this line to keep your own changes. -->";
    /** Tables beyond that help nobody. */
    private static final int MOST_ROWS = 50;

    private ModelCardFile() {}

    /**
     * Writes the card of a model that transformers loads. A card that somebody else wrote stays, and the log tells.
     *
     * @return whether it was written
     * @throws TailorException if the file cannot be written
     */
    public static boolean write(Path folder, TrainingRun run) {
        return write(folder, new FrontMatter(run).model(), "fine-tuned", run);
    }

    /** As {@link #write}, for the folder of an adapter that PEFT loads. */
    public static boolean writeAdapter(Path folder, TrainingRun run) {
        return write(folder, new FrontMatter(run).adapter(), "an adapter", run);
    }

    private static boolean write(Path folder, String front, String what, TrainingRun run) {
        Path file = folder.resolve(NAME);
        try {
            if (Files.exists(file) && !isOurs(file)) {
                log.warn(
                        "{} was not written by Tailor and stays as it is; provenance.json has what a card would say",
                        file);
                return false;
            }
            AtomicFiles.write(file, (front + body(what, run)).getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException e) {
            throw new TailorException("Cannot write the model card " + file + ": " + e, e);
        }
    }

    private static boolean isOurs(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).contains(MARKER);
    }

    private static String body(String what, TrainingRun run) {
        StringBuilder text = new StringBuilder(MARKER).append("\n\n");
        String base = Markdown.escape(run.base().publicName());
        text.append("# ")
                .append(base)
                .append(", ")
                .append(what)
                .append(" for ")
                .append(run.task())
                .append("\n\n");
        text.append(run.strategy().substring(0, 1).toUpperCase(Locale.ROOT))
                .append(Markdown.escape(run.strategy().substring(1)))
                .append(" of ")
                .append(base);
        if (run.base().isHuggingFace()) {
            text.append(" (<https://huggingface.co/")
                    .append(run.base().pythonName())
                    .append('>');
            if (!run.base().revision().isEmpty()) {
                text.append(" at revision `").append(run.base().revision()).append('`');
            }
            text.append(')');
        }
        text.append(" on ").append(run.dataName().isEmpty() ? "own data" : Markdown.escape(run.dataName()));
        text.append(", ")
                .append(String.format(Locale.ROOT, "%,d of %,d parameters", run.trainedParameters(), run.parameters()))
                .append(String.format(
                        Locale.ROOT, ": %,d of %,d parameters changed", run.trainedParameters(), run.parameters()))
                .append(".\n\n## Data\n\n");
        data(text, run);
        text.append("\n## Metrics\n\n");
        metrics(text, run);
        text.append("\n## Recipe\n\n| Setting | Value |\n| --- | --- |\n");
        run.recipe()
                .forEach((key, value) -> text.append("| ")
                        .append(Markdown.cell(key))
                        .append(" | ")
                        .append(Markdown.cell(value))
                        .append(" |\n"));
        Surroundings where = run.surroundings();
        text.append("\n## Made with\n\nTailor ")
                .append(where.tailor())
                .append(", Java ")
                .append(where.java())
                .append(", ")
                .append(where.engine())
                .append(", ")
                .append(where.system())
                .append(" on ")
                .append(where.device())
                .append(". Details: `provenance.json`.\n");
        return text.toString();
    }

    private static void data(StringBuilder text, TrainingRun run) {
        DataFingerprint train = run.train();
        DataFingerprint validation = run.validation();
        text.append(train.size())
                .append(" examples for training, ")
                .append(validation.size())
                .append(" for validation.\n");
        if (train.classes().isEmpty()) {
            return;
        }
        text.append("\n| Label | Training | Validation |\n| --- | ---: | ---: |\n");
        int rows = 0;
        for (Map.Entry<String, Integer> entry : train.classes().entrySet()) {
            if (rows++ == MOST_ROWS) {
                text.append("| ").append(train.classes().size() - MOST_ROWS).append(" more | | |\n");
                break;
            }
            text.append("| ")
                    .append(Markdown.cell(entry.getKey()))
                    .append(" | ")
                    .append(entry.getValue())
                    .append(" | ")
                    .append(validation.classes().getOrDefault(entry.getKey(), 0))
                    .append(" |\n");
        }
    }

    private static void metrics(StringBuilder text, TrainingRun run) {
        run.bestEpoch()
                .ifPresent(best -> text.append("The weights are those after epoch ")
                        .append(best.epoch())
                        .append(" of ")
                        .append(best.epochs())
                        .append(".\n\n"));
        text.append("| Epoch | Training loss | Validation loss | ")
                .append(run.scoreName().replace('_', ' '))
                .append(" |\n| ---: | ---: | ---: | ---: |\n");
        int from = Math.max(0, run.epochs().size() - MOST_ROWS);
        for (EpochReport epoch : run.epochs().subList(from, run.epochs().size())) {
            text.append("| ")
                    .append(epoch.epoch())
                    .append(" | ")
                    .append(number(epoch.trainLoss()))
                    .append(" | ")
                    .append(number(epoch.validationLoss()))
                    .append(" | ")
                    .append(number(epoch.validationScore()))
                    .append(" |\n");
        }
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
    }
}
