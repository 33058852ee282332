package dev.tailor.transfer;

import dev.tailor.Pipeline;
import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.task.Classification;
import dev.tailor.task.Score;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.evaluate.ClassificationEvaluation;
import dev.tailor.transfer.train.EpochReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A fitted model: a pipeline that can be measured and saved. Safe for many threads at once.
 *
 * @param <I> the input
 * @param <T> the target
 * @param <P> the pipeline
 */
public final class FineTuned<I, T, P extends Pipeline<I, Classification>> implements AutoCloseable {
    private static final int EVALUATION_BATCH = 64;

    private final P pipeline;
    private final Checkpoint weights;
    private final List<String> labels;
    private final List<EpochReport> history;
    private final List<String> files;

    FineTuned(P pipeline, Checkpoint weights, List<String> labels, List<EpochReport> history, List<String> files) {
        this.pipeline = pipeline;
        this.weights = weights;
        this.labels = List.copyOf(labels);
        this.history = List.copyOf(history);
        this.files = List.copyOf(files);
    }

    /** The pipeline; closed with this. */
    public P pipeline() {
        return pipeline;
    }

    /** The answer for one input. */
    public Classification predict(I input) {
        return pipeline.predict(input);
    }

    /** The answers for many inputs, in their order. */
    public List<Classification> predict(List<I> inputs) {
        return pipeline.predict(inputs);
    }

    /** The labels by id. */
    public List<String> labels() {
        return labels;
    }

    /** One report for each epoch. */
    public List<EpochReport> history() {
        return history;
    }

    /**
     * Measures on labelled examples.
     *
     * @throws TailorException if there are none, or one has a label that the model does not know
     */
    public ClassificationEvaluation evaluate(Dataset<I, T> data) {
        if (data.size() == 0) {
            throw new TailorException("There is nothing to evaluate on: the data set is empty");
        }
        int[] truth = new int[data.size()];
        float[][] probabilities = new float[data.size()][];
        Labels known = new Labels(labels, true);
        for (int i = 0; i < truth.length; i++) {
            truth[i] = known.id(data.target(i));
        }
        for (int from = 0; from < truth.length; from += EVALUATION_BATCH) {
            List<I> inputs = new ArrayList<>();
            for (int i = from; i < Math.min(from + EVALUATION_BATCH, truth.length); i++) {
                inputs.add(data.get(i).input());
            }
            List<Classification> answers = pipeline.predict(inputs);
            for (int i = 0; i < answers.size(); i++) {
                probabilities[from + i] = byId(answers.get(i));
            }
        }
        return ClassificationEvaluation.of(labels, truth, probabilities);
    }

    private float[] byId(Classification answer) {
        float[] row = new float[labels.size()];
        for (Score score : answer.scores()) {
            row[labels.indexOf(score.label())] = (float) score.score();
        }
        return row;
    }

    /**
     * Writes a folder that {@code Pretrained.from(folder)} and Python's transformers both load: weights, config, and the files
     * of the tokenizer or image processor. Files of the same names are replaced, each in one step.
     *
     * @throws TailorException if a file cannot be written
     */
    public void save(Path folder) {
        ModelFolder.write(folder, pipeline.model(), weights, files);
    }

    /** Frees the model's native memory. */
    @Override
    public void close() {
        pipeline.close();
    }
}
