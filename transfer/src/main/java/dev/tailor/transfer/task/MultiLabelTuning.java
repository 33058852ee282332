package dev.tailor.transfer.task;

import ai.djl.ndarray.NDArray;
import dev.tailor.Pipeline;
import dev.tailor.Preprocessor;
import dev.tailor.TailorException;
import dev.tailor.program.Losses;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.task.Classification;
import dev.tailor.task.MultiLabelEvaluation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Any number of labels for each input, by binary cross entropy. */
record MultiLabelTuning<I>(ModelConfig config, Labels known, int examples)
        implements Tuning<I, Set<String>, Classification, MultiLabelEvaluation> {
    private static final String PROBLEM = "multi_label_classification";

    static <I> Tuning<I, Set<String>, Classification, MultiLabelEvaluation> prepare(Request<I, Set<String>> request) {
        Labels.requireExamples(request.model(), request.train());
        request.loss().requirePlain(request.model(), "several labels at once");
        Set<String> names = names(request.train());
        if (names.isEmpty()) {
            throw new TailorException(request.model() + ": no example of the training data has a label");
        }
        Labels labels =
                Labels.among(request.model(), request.config(), request.head(), names, names(request.validation()));
        ModelConfig config =
                request.config().withHead(request.className(), labels.names()).with("problem_type", PROBLEM);
        return new MultiLabelTuning<>(config, labels, request.train().size());
    }

    private static Set<String> names(Dataset<?, Set<String>> data) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < data.size(); i++) {
            names.addAll(data.target(i));
        }
        return names;
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
        return examples + " examples with any of " + known.names().size() + " labels";
    }

    @Override
    public Objective objective() {
        return Losses.binaryCrossEntropy();
    }

    @Override
    public Loop.Source source(Dataset<I, Set<String>> data, Preprocessor<I> preprocessor) {
        return new NumberSource<>(data, preprocessor, known.names().size(), this::numbers);
    }

    private float[] numbers(Set<String> labels) {
        float[] row = new float[known.names().size()];
        labels.forEach(l -> row[known.id(l)] = 1);
        return row;
    }

    @Override
    public Loop.Score score() {
        return new MicroF1();
    }

    private static final class MicroF1 implements Loop.Score {
        private long right;
        private long all;

        @Override
        public String name() {
            return "micro_f1";
        }

        @Override
        public void add(Map<String, NDArray> outputs, Batch batch) {
            float[] logits = Objects.requireNonNull(outputs.get("logits")).toFloatArray();
            for (int i = 0; i < logits.length; i++) {
                boolean found = logits[i] >= 0;
                boolean real = batch.values()[i] > 0;
                right += found && real ? 2 : 0;
                all += (found ? 1 : 0) + (real ? 1 : 0);
            }
        }

        @Override
        public double value() {
            return all == 0 ? 0 : (double) right / all;
        }
    }

    @Override
    public MultiLabelEvaluation evaluate(Pipeline<I, Classification> pipeline, Dataset<I, Set<String>> data) {
        boolean[][] truth = new boolean[data.size()][known.names().size()];
        for (int i = 0; i < truth.length; i++) {
            for (String label : data.target(i)) {
                truth[i][known.id(label)] = true;
            }
        }
        List<float[]> rows = new ArrayList<>();
        for (Classification answer : Answers.of(pipeline, data)) {
            float[] row = new float[known.names().size()];
            answer.scores().forEach(s -> row[known.id(s.label())] = (float) s.score());
            rows.add(row);
        }
        return MultiLabelEvaluation.of(known.names(), truth, rows.toArray(new float[0][]));
    }
}
