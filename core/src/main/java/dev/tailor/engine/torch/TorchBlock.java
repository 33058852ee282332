package dev.tailor.engine.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.tailor.engine.Arguments;
import dev.tailor.engine.Engine.Settings;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.program.WeightSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network as a DJL block: its parameters are live float copies of the weights under the checkpoint's names, and gradients
 * reach them. Inputs are taken by their array names, or in the order of the program's inputs where they have none.
 */
final class TorchBlock extends AbstractBlock implements AutoCloseable {
    private final TracedModel model;
    private final Settings settings;
    private final TorchModule module;

    TorchBlock(TracedModel model, Settings settings) {
        this.model = model;
        this.settings = settings;
        String device = TorchEngine.literal(settings.device());
        TorchModuleText text = new TrainingText(model.program(), device, Types.FLOAT32)
                .write(BoundWeights.conversions(model, Types.FLOAT32));
        module = TorchModule.load(settings.model(), text, settings.device(), settings.threads(), true);
        addParameters(TorchTrainer.adopt(module, model));
    }

    private void addParameters(NDList weights) {
        int i = 0;
        for (WeightSpec spec : model.program().weights().values()) {
            NDArray array = weights.get(i++);
            array.setName(spec.key());
            addParameter(Parameter.builder()
                    .setName(spec.key())
                    .setType(type(spec))
                    .optRequiresGrad(spec.role() == WeightSpec.Role.PARAMETER)
                    .optArray(array)
                    .build());
        }
    }

    private static Parameter.Type type(WeightSpec spec) {
        if (spec.key().endsWith("running_mean")) {
            return Parameter.Type.RUNNING_MEAN;
        } else if (spec.key().endsWith("running_var")) {
            return Parameter.Type.RUNNING_VAR;
        } else if (spec.key().endsWith("bias")) {
            return Parameter.Type.BIAS;
        }
        return spec.role() == WeightSpec.Role.BUFFER ? Parameter.Type.OTHER : Parameter.Type.WEIGHT;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        module.requireOpen();
        Map<String, NDArray> named = named(inputs);
        Program.Function function = Arguments.function(settings.model(), model.program(), named);
        List<NDArray> ordered = Arguments.ordered(function, named);
        if (training) {
            NDList results = module.train(TrainingText.run(function), true, onDevice(ordered));
            return new NDList(TorchNetwork.named(function, results).values().toArray(new NDArray[0]));
        }
        NDManager target = ordered.get(0).getManager();
        IValue[] values = TorchNetwork.values(ordered, settings.device());
        List<PtNDArray> results = module.infer(TrainingText.evaluate(function), target, values);
        return new NDList(TorchNetwork.named(function, results).values().toArray(new NDArray[0]));
    }

    private List<NDArray> onDevice(List<NDArray> arrays) {
        return arrays.stream().map(a -> a.toDevice(settings.device(), false)).toList();
    }

    private Map<String, NDArray> named(NDList inputs) {
        boolean byName = inputs.stream().allMatch(a -> a.getName() != null);
        List<String> names = model.program().functions().stream()
                .map(Program.Function::inputNames)
                .filter(n -> n.size() == inputs.size())
                .findFirst()
                .orElse(model.program().main().inputNames());
        Map<String, NDArray> result = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            NDArray array = inputs.get(i);
            String name = byName ? array.getName() : i < names.size() ? names.get(i) : "input " + i;
            result.put(name, array);
        }
        return result;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        NDList inputs = new NDList();
        try (NDManager manager = module.newManager()) {
            for (Shape shape : inputShapes) {
                inputs.add(manager.zeros(shape));
            }
            return forwardInternal(new ParameterStore(manager, false), inputs, false, new PairList<>())
                    .getShapes();
        }
    }

    @Override
    public void close() {
        module.close();
    }
}
