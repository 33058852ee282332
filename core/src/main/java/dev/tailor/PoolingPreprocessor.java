package dev.tailor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/** A preprocessor for networks whose token states become one vector by a weighted sum. Safe for many threads. */
public interface PoolingPreprocessor extends Preprocessor<String> {
    /** What each token counts, {@code [batch, length]}. */
    String WEIGHTS = "pooling_weights";

    /** One number: 1 where vectors are brought to length 1, else 0. */
    String NORMALIZED = "pooling_normalized";

    /**
     * One batch with {@link #WEIGHTS} and {@link #NORMALIZED}.
     *
     * @throws TailorException if the model makes its vectors in another way
     */
    Map<String, NDArray> pooled(List<String> inputs, NDManager manager);
}
