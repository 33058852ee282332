package dev.tailor.transfer.task;

import ai.djl.ndarray.NDArray;
import dev.tailor.program.Losses;
import dev.tailor.task.SegmentationEvaluation;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import dev.tailor.zoo.preprocess.BestLabels;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Mean intersection over union at the size of the processed pictures. */
final class SegmentationScore implements Loop.Score {
    private final SegmentationEvaluation.Counter counter;
    private boolean labelled;

    SegmentationScore(List<String> names) {
        counter = new SegmentationEvaluation.Counter(names);
    }

    @Override
    public void add(Map<String, NDArray> outputs, Batch batch) {
        NDArray array = Objects.requireNonNull(outputs.get("logits"));
        float[] logits = array.toFloatArray();
        long[] shape = array.getShape().getShape();
        int height = (int) batch.axes()[1];
        int width = (int) batch.axes()[2];
        int each = logits.length / (int) shape[0];
        for (int i = 0; i < shape[0]; i++) {
            int[] truth = new int[height * width];
            for (int p = 0; p < truth.length; p++) {
                long label = batch.labels()[i * truth.length + p];
                truth[p] = label == Losses.IGNORED ? -1 : (int) label;
                labelled |= truth[p] >= 0;
            }
            counter.add(
                    truth,
                    BestLabels.of(logits, i * each, (int) shape[1], (int) shape[2], (int) shape[3], height, width));
        }
    }

    @Override
    public String name() {
        return "mean_iou";
    }

    @Override
    public double value() {
        return labelled ? counter.evaluation().score() : Double.NaN;
    }
}
