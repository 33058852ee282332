package dev.tailor.engine.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import dev.tailor.checkpoint.DType;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.program.WeightSpec;
import dev.tailor.program.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint's tensors as arrays over its own bytes, without a copy on the CPU. The arrays keep the mapping alive and must
 * stay open as long as any module uses them.
 */
final class BoundWeights {
    private BoundWeights() {}

    static PtNDArray[] of(TracedModel model, NDManager owner) {
        List<NDArray> arrays = new ArrayList<>();
        for (WeightSpec spec : model.program().weights().values()) {
            arrays.add(array(spec, model.weights(), owner));
        }
        return arrays.toArray(new PtNDArray[0]);
    }

    private static NDArray array(WeightSpec spec, Weights weights, NDManager owner) {
        DType dtype = weights.dtype(spec);
        DataType carrier = Types.carrier(dtype);
        ByteBuffer bytes = weights.bytes(spec).order(ByteOrder.nativeOrder());
        Shape shape = Types.viewed(dtype) < 0
                ? new Shape(spec.shape().stream().mapToLong(Long::longValue).toArray())
                : new Shape(bytes.remaining());
        return owner.create(bytes, shape, carrier);
    }

    /** For each weight the expression that makes of the carried {@code %s} a tensor of the wanted type and shape. */
    static Map<String, String> conversions(TracedModel model, int floats) {
        Program program = model.program();
        Map<String, String> result = new HashMap<>();
        program.weights().forEach((key, spec) -> {
            // torch.view knows only shapes in serialized modules; its copy goes as soon as the type is converted.
            int view = Types.viewed(model.weights().dtype(spec));
            String value =
                    view < 0 ? "%s" : "torch.reshape(torch.view_copy(%s, dtype=" + view + "), " + spec.shape() + ")";
            result.put(key, "torch.to(" + value + ", " + floats + ")");
        });
        return result;
    }
}
