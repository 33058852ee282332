package dev.tailor.transfer.task;

import ai.djl.ndarray.NDArray;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.Map;

/** No score besides the loss. */
final class LossOnly implements Loop.Score {
    @Override
    public String name() {
        return "";
    }

    @Override
    public void add(Map<String, NDArray> outputs, Batch batch) {}

    @Override
    public double value() {
        return Double.NaN;
    }
}
