package dev.tailor.examples.bench;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.tailor.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** A BERT as plain DJL calls. */
final class PlainContender implements Contender {
    private final NDManager manager;
    private final PlainBert network;
    private final NDArray ids;
    private final NDArray mask;
    private final int threads;

    private PlainContender(NDManager manager, PlainBert network, Map<String, NDArray> inputs, int threads) {
        this.manager = manager;
        this.network = network;
        this.ids = Objects.requireNonNull(inputs.get("input_ids"));
        this.mask = Objects.requireNonNull(inputs.get("attention_mask"));
        this.threads = threads;
    }

    static PlainContender of(Path folder, BertShape shape, Benchmarked kind, BatchSize size, int threads) {
        NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
        PlainBert network = new PlainBert(shape, Checkpoint.open(folder), manager);
        return new PlainContender(manager, network, TailorContender.inputs(manager, kind, size, true), threads);
    }

    @Override
    public String name() {
        return "DJL by arrays";
    }

    @Override
    public void run() {
        call(false);
    }

    @Override
    public float[] result() {
        return call(true);
    }

    private float[] call(boolean read) {
        int before = JniUtils.getNumThreads();
        boolean gradients = JniUtils.isGradMode();
        JniUtils.setNumThreads(threads);
        JniUtils.setGradMode(false);
        try (NDManager target = manager.newSubManager()) {
            NDArray states = network.forward(ids, mask, target);
            return read ? states.toFloatArray() : new float[0];
        } finally {
            JniUtils.setGradMode(gradients);
            JniUtils.setNumThreads(before);
        }
    }

    @Override
    public void close() {
        network.close();
        manager.close();
    }
}
