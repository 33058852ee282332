package dev.tailor.transfer.task;

import ai.djl.ndarray.NDArray;
import dev.tailor.Pipeline;
import dev.tailor.Preprocessor;
import dev.tailor.TailorException;
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

/** One label for each input, by cross entropy. */
record ClassificationTuning<I>(
        ModelConfig config, Labels known, int examples, List<Double> classWeights, LossOptions loss)
        implements Tuning<I, String, Classification, ClassificationEvaluation> {
    private static final int EVALUATION_BATCH = 64;

    static <I> Tuning<I, String, Classification, ClassificationEvaluation> prepare(Request<I, String> request) {
        Labels labels =
                Labels.of(request.model(), request.config(), request.head(), request.train(), request.validation());
        List<Double> weights = weights(request, labels);
        ModelConfig config = request.config().withHead(request.className(), labels.names());
        return new ClassificationTuning<>(config, labels, request.train().size(), weights, request.loss());
    }

    private static <I> List<Double> weights(Request<I, String> request, Labels labels) {
        LossOptions loss = request.loss();
        if (!loss.balanced() && loss.classWeights().isEmpty()) {
            return List.of();
        }
        List<String> strange = loss.classWeights().keySet().stream()
                .filter(l -> !labels.names().contains(l))
                .sorted()
                .toList();
        if (!strange.isEmpty()) {
            throw new TailorException(request.model() + ": there are weights for the classes " + strange
                    + ", but the training data has " + labels.names());
        }
        Map<String, Integer> counts = request.train().counts();
        List<Double> weights = new ArrayList<>();
        for (String name : labels.names()) {
            double own = loss.classWeights().getOrDefault(name, 1.0);
            int count = Objects.requireNonNull(counts.getOrDefault(name, 1));
            double share = (double) request.train().size() / (labels.names().size() * (double) count);
            weights.add(loss.balanced() ? own * share : own);
        }
        return weights;
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
        public void add(Map<String, NDArray> outputs, Batch batch) {
            float[] logits = Objects.requireNonNull(outputs.get("logits")).toFloatArray();
            long[] labels = batch.labels();
            int classes = logits.length / labels.length;
            for (int i = 0; i < labels.length; i++) {
                right += best(logits, i * classes, classes) == labels[i] ? 1 : 0;
            }
            all += labels.length;
        }

        private static int best(float[] logits, int from, int classes) {
            int best = 0;
            for (int i = 1; i < classes; i++) {
                if (logits[from + i] > logits[from + best]) {
                    best = i;
                }
            }
            return best;
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
