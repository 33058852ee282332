package dev.tailor.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.tailor.program.Program;
import java.util.Map;

/** A compiled network. Safe for many threads at once; {@link #close} waits for calls that run and makes later ones fail. */
public interface Network extends AutoCloseable {

    /** A manager for the arrays of one call, on the network's device; the caller closes it, before or after the network. */
    NDManager newManager();

    /**
     * Runs the function that takes exactly these inputs.
     *
     * @param inputs by the reference library's names; integers as int64 or int32, floats as float32
     * @return the outputs by the reference library's names, attached to the manager of the first input
     * @throws IllegalArgumentException if names or shapes do not fit, with what is expected
     * @throws IllegalStateException after {@link #close}
     */
    Map<String, NDArray> forward(Map<String, NDArray> inputs);

    /** What runs. */
    Program program();

    /** Where it runs. */
    Device device();

    /** The network as a DJL block whose parameters bear the checkpoint's names; closed with this network. */
    Block block();

    @Override
    void close();
}
