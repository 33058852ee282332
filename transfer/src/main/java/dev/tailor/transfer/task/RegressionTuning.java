package dev.tailor.transfer.task;

import ai.djl.ndarray.NDArray;
import dev.tailor.Pipeline;
import dev.tailor.Preprocessor;
import dev.tailor.TailorException;
import dev.tailor.program.Losses;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.task.RegressionEvaluation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A number for each input, by the squared error. */
record RegressionTuning<I>(ModelConfig config, boolean keepsHead, String summary)
        implements Tuning<I, Double, Double, RegressionEvaluation> {
    private static final String PROBLEM = "regression";

    static <I> Tuning<I, Double, Double, RegressionEvaluation> prepare(Request<I, Double> request) {
        Labels.requireExamples(request.model(), request.train());
        request.loss().requirePlain(request.model(), "a regression");
        requireFinite(request.model(), request.train());
        requireFinite(request.model(), request.validation());
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double target : request.train().targets()) {
            low = Math.min(low, target);
            high = Math.max(high, target);
        }
        ModelConfig own = request.config();
        boolean keeps = own.head().filter(request.head()::equals).isPresent() && own.labelCount() == 1;
        List<String> names = keeps ? own.labels() : List.of("LABEL_0");
        return new RegressionTuning<>(
                own.withHead(request.className(), names).with("problem_type", PROBLEM),
                keeps,
                request.train().size() + " examples with numbers from " + low + " to " + high);
    }

    private static void requireFinite(String model, Dataset<?, Double> data) {
        for (int i = 0; i < data.size(); i++) {
            if (!Double.isFinite(data.target(i))) {
                throw new TailorException(
                        model + ": the target of example " + i + " is " + data.target(i) + ", which is no number");
            }
        }
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public Objective objective() {
        return Losses.squaredError();
    }

    @Override
    public Loop.Source source(Dataset<I, Double> data, Preprocessor<I> preprocessor) {
        return new NumberSource<>(data, preprocessor, 1, target -> new float[] {target.floatValue()});
    }

    @Override
    public Loop.Score score() {
        return new Pearson();
    }

    private static final class Pearson implements Loop.Score {
        private final List<Double> truth = new ArrayList<>();
        private final List<Double> predicted = new ArrayList<>();

        @Override
        public String name() {
            return "pearson";
        }

        @Override
        public void add(Map<String, NDArray> outputs, Batch batch) {
            float[] logits = Objects.requireNonNull(outputs.get("logits")).toFloatArray();
            for (int i = 0; i < logits.length; i++) {
                truth.add((double) batch.values()[i]);
                predicted.add((double) logits[i]);
            }
        }

        @Override
        public double value() {
            return RegressionEvaluation.of(numbers(truth), numbers(predicted)).score();
        }
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public RegressionEvaluation evaluate(Pipeline<I, Double> pipeline, Dataset<I, Double> data) {
        return RegressionEvaluation.of(numbers(data.targets()), numbers(Answers.of(pipeline, data)));
    }
}
