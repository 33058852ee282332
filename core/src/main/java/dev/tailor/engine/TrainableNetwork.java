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
     * @param inputs by name, targets included; must fit one of the program's functions that give a loss
     * @param scale factor of the loss, one over the number of micro-batches
     * @param seed what dropout draws from
     * @return the loss times the scale
     */
    double accumulate(Map<String, NDArray> inputs, double scale, long seed);

    /**
     * Clips the gradients, changes the parameters and forgets the gradients.
     *
     * @param update rates for each of {@link #trainable()}
     * @return the norm of all gradients before clipping
     * @throws IllegalStateException if there are no gradients since the last update
     */
    double update(Update update);

    /** Runs in evaluation mode on the weights as they are now; with targets among the inputs the loss is an output. */
    Map<String, NDArray> evaluate(Map<String, NDArray> inputs);

    /** Copies of all weights as they are now, row-major, by canonical key. */
    Map<String, float[]> weights();

    /** Puts back the values of {@link #weights()}; the optimizer's moments stay, gradients are forgotten. */
    void restore(Map<String, float[]> weights);

    /** A copy of what the optimizer remembers; gradients since the last update are forgotten. */
    OptimizerState optimizerState();

    /** Puts back what {@link #optimizerState()} gave; gradients since the last update are forgotten. */
    void restore(OptimizerState state);

    @Override
    void close();

    /**
     * One change of the parameters.
     *
     * @param rates learning rate of each trainable parameter; NaN leaves one as it is and out of the norm
     * @param decays weight decay of each trainable parameter
     * @param maxNorm gradients are scaled down to this norm; infinity for no clipping
     */
    record Update(double[] rates, double[] decays, double maxNorm) {}

    /**
     * What an optimizer remembers between updates.
     *
     * @param updates how many there were
     * @param moments by kind ({@code m}, {@code v}) and key, row-major; a kind that the optimizer does not use is absent
     */
    record OptimizerState(int updates, Map<String, Map<String, float[]>> moments) {}
}
