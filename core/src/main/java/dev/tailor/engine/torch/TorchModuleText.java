package dev.tailor.engine.torch;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The source of a TorchScript class {@code __torch__.Net} in the dialect of serialized modules.
 *
 * @param lists the attributes that are lists of tensors
 * @param contexts the attributes that are lists of what {@link ClampedConvolutions} run on
 * @param methods the methods, each complete and indented
 */
record TorchModuleText(List<String> lists, List<String> contexts, List<String> methods) {

    TorchModuleText(List<String> lists, List<String> methods) {
        this(lists, List.of(), methods);
    }

    String code() {
        String attributes = attributes(lists, "Tensor") + attributes(contexts, ClampedConvolutions.CONTEXT);
        return "class Net(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n" + attributes
                + String.join("", methods);
    }

    private static String attributes(List<String> names, String type) {
        return names.stream().map(n -> "  " + n + " : List[" + type + "]\n").collect(Collectors.joining());
    }
}
