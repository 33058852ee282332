package dev.tailor.transfer;

import dev.tailor.Pipeline;
import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.task.Evaluation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.task.Tuning;
import dev.tailor.transfer.train.EpochReport;
import java.nio.file.Path;
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
    private final List<EpochReport> history;
    private final List<String> files;
    private final Map<String, String> newFiles;
    private final @Nullable TunedAdapter adapter;

    FineTuned(
            P pipeline,
            Tuning<I, T, O, E> tuning,
            Checkpoint weights,
            List<EpochReport> history,
            List<String> files,
            Map<String, String> newFiles,
            @Nullable TunedAdapter adapter) {
        this.pipeline = pipeline;
        this.tuning = tuning;
        this.weights = weights;
        this.history = List.copyOf(history);
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
        return history;
    }

    /**
     * Measures on examples whose answers are known.
     *
     * @throws TailorException if there are none, or one has a label that the model does not know
     */
    public E evaluate(Dataset<I, T> data) {
        if (data.size() == 0) {
            throw new TailorException("There is nothing to evaluate on: the data set is empty");
        }
        return tuning.evaluate(pipeline, data);
    }

    /**
     * Writes a folder that {@code Pretrained.from(folder)} and Python's transformers both load: weights, config, and the files
     * of the tokenizer or image processor. Files of the same names are replaced, each in one step. An adapter is part of the
     * weights.
     *
     * @throws TailorException if a file cannot be written, or the head is none that a network has, such as
     *     {@code FeatureHead.nearestNeighbours}
     */
    public void save(Path folder) {
        ModelFolder.write(folder, pipeline.model(), weights, files, newFiles);
    }

    /**
     * Writes the adapter alone as a folder that {@code Pretrained.adapter(folder)} and Python's PEFT both load; a few megabytes
     * beside a base model of gigabytes.
     *
     * @throws TailorException if this was not fitted with {@link Strategy#lora}, or a file cannot be written
     */
    public void saveAdapter(Path folder) {
        if (adapter == null) {
            throw new TailorException("There is no adapter to save: the model was not fitted with Strategy.lora(rank)");
        }
        adapter.write(folder, pipeline.model());
    }

    /** Frees the model's native memory. */
    @Override
    public void close() {
        pipeline.close();
    }
}
