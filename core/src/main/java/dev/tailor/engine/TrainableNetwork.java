package dev.tailor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.program.Program;
import java.util.List;
import java.util.Map;

/**
 * A network whose weights change. Each call runs forward, backward and update inside the engine; arrays cross only as inputs
 * and results. For one thread at a time.
 */
public interface TrainableNetwork extends AutoCloseable {

    /** A manager for the arrays of one call; the caller closes it. */
    NDManager newManager();

    /** What is trained. */
    Program program();

    /** The keys of the parameters that change, in a fixed order. */
    List<String> trainable();

    /**
     * Runs one micro-batch in training mode and adds its gradients to those since the last update.
     *
     * @param inputs by name; must fit one of the program's functions
     * @param labels class ids, int64 {@code [batch]}
     * @param loss what to minimise
     * @return the loss, weighted as {@link Loss#scale()} says
     */
    double accumulate(Map<String, NDArray> inputs, NDArray labels, Loss loss);

    /**
     * Clips the gradients, changes the parameters and forgets the gradients.
     *
     * @param update rates for each of {@link #trainable()}
     * @return the norm of all gradients before clipping
     * @throws IllegalStateException if there are no gradients since the last update
     */
    double update(AdamW update);

    /** Runs in evaluation mode on the weights as they are now. */
    Map<String, NDArray> evaluate(Map<String, NDArray> inputs);

    /** Copies of all weights as they are now, row-major, by canonical key. */
    Map<String, float[]> weights();

    /** Puts back the values of {@link #weights()}; the optimizer's moments stay. */
    void restore(Map<String, float[]> weights);

    @Override
    void close();

    /**
     * Mean cross entropy over the output {@code logits}.
     *
     * @param smoothing share of the target spread over all classes
     * @param scale factor of the loss, one over the number of micro-batches
     */
    record Loss(double smoothing, double scale) {}

    /**
     * AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101) as PyTorch computes it.
     *
     * @param rates learning rate of each trainable parameter
     * @param decays weight decay of each trainable parameter
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the denominator
     * @param maxNorm gradients are scaled down to this norm; infinity for no clipping
     */
    record AdamW(double[] rates, double[] decays, double beta1, double beta2, double epsilon, double maxNorm) {}
}
