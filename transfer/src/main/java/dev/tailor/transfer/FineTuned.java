package dev.tailor.transfer;

import dev.tailor.Pipeline;
import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.task.Evaluation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.report.ModelCardFile;
import dev.tailor.transfer.report.Provenance;
import dev.tailor.transfer.report.ReportPage;
import dev.tailor.transfer.report.TrainingRun;
import dev.tailor.transfer.task.Tuning;
import dev.tailor.transfer.train.EpochReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fitted model: a pipeline that can be measured and saved. Safe for many threads at once.
 *
 * @param <I> the input
 * @param <T> the target
 * @param <O> the answer
 * @param <E> what measuring gives
 * @param <P> the pipeline
 */
public final class FineTuned<I, T, O, E extends Evaluation, P extends Pipeline<I, O>> implements AutoCloseable {
    private final P pipeline;
    private final Tuning<I, T, O, E> tuning;
    private final Checkpoint weights;
    private final TrainingRun run;
    private final Dataset<I, T> validation;
    private final List<String> files;
    private final Map<String, String> newFiles;
    private final @Nullable TunedAdapter adapter;

    FineTuned(
            P pipeline,
            Tuning<I, T, O, E> tuning,
            Checkpoint weights,
            TrainingRun run,
            Dataset<I, T> validation,
            List<String> files,
            Map<String, String> newFiles,
            @Nullable TunedAdapter adapter) {
        this.pipeline = pipeline;
        this.tuning = tuning;
        this.weights = weights;
        this.run = run;
        this.validation = validation;
        this.files = List.copyOf(files);
        this.newFiles = Map.copyOf(newFiles);
        this.adapter = adapter;
    }

    /** The pipeline; closed with this. */
    public P pipeline() {
        return pipeline;
    }

    /** The answer for one input. */
    public O predict(I input) {
        return pipeline.predict(input);
    }

    /** The answers for many inputs, in their order. */
    public List<O> predict(List<I> inputs) {
        return pipeline.predict(inputs);
    }

    /** The labels by id; empty for tasks without labels. */
    public List<String> labels() {
        return tuning.labels();
    }

    /** One report for each epoch. */
    public List<EpochReport> history() {
        return run.epochs();
    }

    /** What the training was: base model, data, recipe, course and versions. */
    public TrainingRun run() {
        return run;
    }

    /**
     * Measures on examples whose answers are known.
     *
     * @throws TailorException if there are none, or one has a label that the model does not know
     */
    public E evaluate(Dataset<I, T> data) {
        return evaluate(pipeline, data);
    }

    private E evaluate(Pipeline<I, O> answering, Dataset<I, T> data) {
        if (data.size() == 0) {
            throw new TailorException("There is nothing to evaluate on: the data set is empty");
        }
        return tuning.evaluate(answering, data);
    }

    /**
     * Writes a folder that {@code Pretrained.from(folder)} and Python's transformers both load: weights, config, the files of
     * the tokenizer or image processor, the model card {@code README.md} and {@code provenance.json}. Files of the same names are
     * replaced, each in one step; only a {@code README.md} that Tailor did not write stays, which the log tells. An adapter is
     * part of the weights.
     *
     * @throws TailorException if a file cannot be written, or the head is none that a network has, such as
     *     {@code FeatureHead.nearestNeighbours}
     */
    public void save(Path folder) {
        ModelFolder.write(folder, pipeline.model(), weights, files, newFiles);
        ModelCardFile.write(folder, run);
        Provenance.write(folder, run);
    }

    /**
     * Writes the adapter alone as a folder that {@code Pretrained.adapter(folder)} and Python's PEFT both load; a few megabytes
     * beside a base model of gigabytes. A model card and {@code provenance.json} go with it, as for {@link #save}.
     *
     * @throws TailorException if this was not fitted with {@link Strategy#lora}, or a file cannot be written
     */
    public void saveAdapter(Path folder) {
        if (adapter == null) {
            throw new TailorException("There is no adapter to save: the model was not fitted with Strategy.lora(rank)");
        }
        adapter.write(folder, pipeline.model(), run.base().pythonName());
        ModelCardFile.writeAdapter(folder, run);
        Provenance.write(folder, run);
    }

    /**
     * Writes a report on the validation data that went with the training: one web page of its own with curves, confusion matrix,
     * the most confident mistakes, data, recipe and provenance. Without validation data it tells of the training alone. The page
     * shows inputs of the data; think before you share it.
     *
     * @throws TailorException if the file cannot be written
     */
    public void report(Path file) {
        if (validation.size() == 0) {
            ReportPage.write(file, run, null);
        } else {
            report(file, validation);
        }
    }

    /**
     * As {@link #report(Path)}, on other data.
     *
     * @throws TailorException if there are no examples, one has a label that the model does not know, or the file cannot be written
     */
    public void report(Path file, Dataset<I, T> data) {
        RecordingPipeline<I, O> recording = new RecordingPipeline<>(pipeline, new ArrayList<>());
        E evaluation = evaluate(recording, data);
        ReportPage.write(file, run, new ReportPage.Measured(data, evaluation, recording.answers()));
    }

    /** Frees the model's native memory. */
    @Override
    public void close() {
        pipeline.close();
    }
}
