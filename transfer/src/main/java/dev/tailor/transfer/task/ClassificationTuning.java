package dev.tailor.transfer.task;

import ai.djl.ndarray.NDArray;
import dev.tailor.Pipeline;
import dev.tailor.Preprocessor;
import dev.tailor.program.Losses;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.task.Classification;
import dev.tailor.task.ClassificationEvaluation;
import dev.tailor.task.Score;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One label for each input, by cross entropy. */
record ClassificationTuning<I>(
        ModelConfig config, Labels known, int examples, List<Double> classWeights, LossOptions loss)
        implements Tuning<I, String, Classification, ClassificationEvaluation> {
    private static final String PROBLEM = "problem_type";
    private static final int EVALUATION_BATCH = 64;

    static <I> Tuning<I, String, Classification, ClassificationEvaluation> prepare(Request<I, String> request) {
        Labels labels =
                Labels.of(request.model(), request.config(), request.head(), request.train(), request.validation());
        List<Double> weights = ClassWeights.of(
                request.model(), request.loss(), labels, request.train().counts());
        ModelConfig config = request.config().withHead(request.className(), labels.names());
        if (config.has(PROBLEM)) {
            config = config.with(PROBLEM, "single_label_classification");
        }
        return new ClassificationTuning<>(config, labels, request.train().size(), weights, request.loss());
    }

    @Override
    public boolean keepsHead() {
        return known.known();
    }

    @Override
    public List<String> labels() {
        return known.names();
    }

    @Override
    public String summary() {
        return examples + " examples of " + known.names().size() + " classes";
    }

    @Override
    public Objective objective() {
        return Losses.crossEntropy(loss.smoothing(), classWeights, loss.gamma());
    }

    @Override
    public Optional<Objective> mixedObjective() {
        return loss.gamma() > 0
                ? Optional.empty()
                : Optional.of(Losses.softCrossEntropy(loss.smoothing(), classWeights));
    }

    @Override
    public Loop.Source source(Dataset<I, String> data, Preprocessor<I> preprocessor) {
        return new Source<>(data, preprocessor, known);
    }

    private record Source<I>(Dataset<I, String> data, Preprocessor<I> preprocessor, Labels labels)
            implements Loop.Source {
        @Override
        public int size() {
            return data.size();
        }

        @Override
        public int label(int index) {
            return labels.id(data.target(index));
        }

        @Override
        public Batch batch(int[] indices, long seed) {
            List<I> inputs = new ArrayList<>();
            long[] ids = new long[indices.length];
            for (int i = 0; i < indices.length; i++) {
                inputs.add(data.get(indices[i]).input());
                ids[i] = labels.id(data.target(indices[i]));
            }
            return Batch.classified(manager -> preprocessor.batch(inputs, manager), ids);
        }
    }

    @Override
    public Loop.Score score() {
        return new Accuracy();
    }

    private static final class Accuracy implements Loop.Score {
        private int right;
        private int all;

        @Override
        public String name() {
            return "accuracy";
        }

        @Override
        public void add(Map<String, NDArray> outputs, Batch batch) {
            float[] logits = Objects.requireNonNull(outputs.get("logits")).toFloatArray();
            long[] labels = batch.labels();
            int classes = logits.length / labels.length;
            for (int i = 0; i < labels.length; i++) {
                right += Largest.index(logits, i * classes, classes) == labels[i] ? 1 : 0;
            }
            all += labels.length;
        }

        @Override
        public double value() {
            return (double) right / all;
        }
    }

    @Override
    public ClassificationEvaluation evaluate(Pipeline<I, Classification> pipeline, Dataset<I, String> data) {
        int[] truth = new int[data.size()];
        float[][] probabilities = new float[data.size()][];
        Labels own = new Labels(known.names(), true);
        for (int i = 0; i < truth.length; i++) {
            truth[i] = own.id(data.target(i));
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
        return ClassificationEvaluation.of(known.names(), truth, probabilities);
    }

    private float[] byId(Classification answer) {
        float[] row = new float[known.names().size()];
        for (Score score : answer.scores()) {
            row[known.names().indexOf(score.label())] = (float) score.score();
        }
        return row;
    }
}
