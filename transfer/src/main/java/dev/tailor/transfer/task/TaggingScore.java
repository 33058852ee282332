package dev.tailor.transfer.task;

import ai.djl.ndarray.NDArray;
import dev.tailor.task.TaggingEvaluation;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** F1 over entities; words count where they have a target. */
final class TaggingScore implements Loop.Score {
    private final List<String> names;
    private final List<List<String>> truth = new ArrayList<>();
    private final List<List<String>> predicted = new ArrayList<>();

    TaggingScore(List<String> names) {
        this.names = names;
    }

    @Override
    public String name() {
        return "f1";
    }

    @Override
    public void add(Map<String, NDArray> outputs, Batch batch) {
        NDArray array = Objects.requireNonNull(outputs.get("logits"));
        float[] logits = array.toFloatArray();
        int rows = (int) array.getShape().get(0);
        int length = (int) array.getShape().get(1);
        for (int row = 0; row < rows; row++) {
            List<String> real = new ArrayList<>();
            List<String> found = new ArrayList<>();
            for (int i = row * length; i < (row + 1) * length; i++) {
                if (batch.labels()[i] >= 0) {
                    real.add(names.get((int) batch.labels()[i]));
                    found.add(names.get(Largest.index(logits, i * names.size(), names.size())));
                }
            }
            truth.add(real);
            predicted.add(found);
        }
    }

    @Override
    public double value() {
        return truth.stream().allMatch(List::isEmpty)
                ? Double.NaN
                : TaggingEvaluation.of(truth, predicted).score();
    }
}
