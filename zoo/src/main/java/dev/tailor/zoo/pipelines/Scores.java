package dev.tailor.zoo.pipelines;

import dev.tailor.program.ModelConfig;
import dev.tailor.task.Classification;
import dev.tailor.task.Score;
import dev.tailor.task.ScoreFunction;
import java.util.ArrayList;
import java.util.List;

/** Logits to scores, as transformers' text classification pipeline chooses between softmax, sigmoid and neither. */
final class Scores {
    private final List<String> labels;
    private final ScoreFunction function;

    private Scores(List<String> labels, ScoreFunction function) {
        this.labels = labels;
        this.function = function;
    }

    static Scores of(ModelConfig config) {
        List<String> labels = config.labels();
        String problem = config.text("problem_type", "");
        ScoreFunction function = switch (problem) {
            case "regression" -> ScoreFunction.NONE;
            case "multi_label_classification" -> ScoreFunction.SIGMOID;
            default -> labels.size() == 1 ? ScoreFunction.SIGMOID : ScoreFunction.SOFTMAX;
        };
        return new Scores(labels, function);
    }

    Scores with(ScoreFunction other) {
        return new Scores(labels, other);
    }

    List<String> labels() {
        return labels;
    }

    Classification classification(float[] logits, int offset, boolean truncated) {
        double[] scores = new double[labels.size()];
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = logits[offset + i];
            max = Math.max(max, scores[i]);
        }
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            switch (function) {
                case SOFTMAX -> {
                    scores[i] = Math.exp(scores[i] - max);
                    sum += scores[i];
                }
                case SIGMOID -> scores[i] = 1 / (1 + Math.exp(-scores[i]));
                case NONE -> {}
            }
        }
        List<Score> result = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            result.add(new Score(labels.get(i), function == ScoreFunction.SOFTMAX ? scores[i] / sum : scores[i]));
        }
        return new Classification(result, truncated);
    }
}
