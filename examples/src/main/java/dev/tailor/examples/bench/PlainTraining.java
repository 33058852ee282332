package dev.tailor.examples.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.Map;
import java.util.TreeMap;

/** A training step as one writes it with DJL alone: arrays, a gradient collector, clipping by hand, DJL's own AdamW. */
final class PlainTraining {
    private static final double CLIP = 1;

    private final PlainBert bert;
    private final Map<String, NDArray> weights;
    private final Optimizer optimizer;
    private final int classes;

    PlainTraining(PlainBert bert, float rate, float decay, float epsilon, int classes) {
        this.bert = bert;
        this.classes = classes;
        weights = new TreeMap<>(bert.weights());
        weights.values().forEach(w -> w.setRequiresGradient(true));
        optimizer = Optimizer.adamW()
                .optLearningRateTracker(Tracker.fixed(rate))
                .optWeightDecays(decay)
                .optEpsilon(epsilon)
                .build();
    }

    /**
     * One step.
     *
     * @param labels {@code [batch]}, int64
     * @return the loss before the update
     */
    double step(NDArray ids, NDArray mask, NDArray labels, NDManager parent) {
        try (NDManager call = parent.newSubManager()) {
            double loss = gradients(ids, mask, labels, call);
            double factor = factor(call);
            weights.forEach((name, weight) -> {
                try (NDArray gradient = weight.getGradient()) {
                    if (factor < 1) {
                        gradient.muli(factor);
                    }
                    optimizer.update(name, weight, gradient);
                }
            });
            return loss;
        }
    }

    private double gradients(NDArray ids, NDArray mask, NDArray labels, NDManager call) {
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray states = bert.forward(ids, mask, call);
            NDArray logits = states.get(new NDIndex().addAllDim().addIndices(0).addSliceDim(0, classes));
            NDArray loss =
                    logits.logSoftmax(-1).gather(labels.expandDims(1), 1).mean().neg();
            loss.attach(call);
            collector.backward(loss);
            return loss.toType(DataType.FLOAT64, true).getDouble();
        }
    }

    /** By how much all gradients are scaled down. */
    private double factor(NDManager call) {
        NDList norms = new NDList();
        for (NDArray weight : weights.values()) {
            NDArray gradient = weight.getGradient();
            gradient.attach(call);
            norms.add(gradient.norm());
        }
        return Math.min(1, CLIP / (NDArrays.stack(norms).norm().getFloat() + 1e-6));
    }
}
