package dev.tailor.engine.torch;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The source of a TorchScript class {@code __torch__.Net} in the dialect of serialized modules.
 *
 * @param lists the attributes that are lists of tensors
 * @param methods the methods, each complete and indented
 */
record TorchModuleText(List<String> lists, List<String> methods) {

    String code() {
        String attributes =
                lists.stream().map(l -> "  " + l + " : List[Tensor]\n").collect(Collectors.joining());
        return "class Net(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n" + attributes
                + String.join("", methods);
    }
}
