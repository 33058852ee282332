package dev.tailor.engine;

import ai.djl.Device;
import dev.tailor.Precision;
import dev.tailor.program.TracedModel;
import java.util.function.Predicate;

/**
 * Turns traced models into networks that run. Found by {@link java.util.ServiceLoader}; implementations are safe for many
 * threads.
 */
public interface Engine {

    /** The name that {@code Pretrained.engine(String)} takes, such as {@code PyTorch}. */
    String name();

    /**
     * The version of what computes, for records of a training; empty if unknown.
     *
     * @throws EngineUnavailableException if the natives cannot be loaded
     */
    default String version() {
        return "";
    }

    /**
     * Chooses a device.
     *
     * @throws EngineUnavailableException if the natives cannot be loaded
     */
    Device defaultDevice();

    /**
     * Checks that a device can be used.
     *
     * @throws EngineUnavailableException with the reason if it cannot
     */
    void require(Device device);

    /**
     * Begins to load natives on another thread and returns at once, so that files can be read meanwhile. What goes wrong is told
     * by those methods that need the natives.
     */
    default void prepare() {}

    /** Compiles for inference: folded, no gradients. */
    Network inference(TracedModel model, Settings settings);

    /**
     * Compiles for inference on the device that the engine chooses. An engine may do what does not depend on that while its
     * natives load.
     *
     * @param name how messages name the model
     * @param precision what it computes in
     * @param threads threads within one call; 0 leaves the engine's own number
     */
    default Network inference(TracedModel model, String name, Precision precision, int threads) {
        return inference(model, new Settings(name, defaultDevice(), precision, threads));
    }

    /** Compiles for training: every weight is a private copy that gradients can reach. */
    TrainableNetwork training(TracedModel model, TrainingSettings settings);

    /**
     * How to compile.
     *
     * @param model how messages name the model
     * @param device where it runs
     * @param precision what it computes in
     * @param threads threads within one call; 0 leaves the engine's own number
     */
    record Settings(String model, Device device, Precision precision, int threads) {}

    /**
     * How to train.
     *
     * @param base as for inference; weights, gradients and moments have 32 bits whatever the precision, {@code BFLOAT16} is for
     *     the products of matrices in training passes alone
     * @param trainable decides by key which parameters change
     * @param optimizer how they change
     */
    record TrainingSettings(Settings base, Predicate<String> trainable, Optimizer optimizer) {}
}
