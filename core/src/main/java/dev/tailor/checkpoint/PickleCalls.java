package dev.tailor.checkpoint;

import dev.tailor.checkpoint.PickledValue.Bool;
import dev.tailor.checkpoint.PickledValue.Bytes;
import dev.tailor.checkpoint.PickledValue.Dict;
import dev.tailor.checkpoint.PickledValue.Int;
import dev.tailor.checkpoint.PickledValue.Name;
import dev.tailor.checkpoint.PickledValue.Sequence;
import dev.tailor.checkpoint.PickledValue.Storage;
import dev.tailor.checkpoint.PickledValue.Tensor;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle may ask for by name: PyTorch's list for {@code torch.load(weights_only=True)}, as descriptions of data.
 *
 * <p>A call of anything else gives a placeholder, and {@link #refuse} then tells all those names.
 */
final class PickleCalls {
    private static final int MOST_REFUSED = 1000;

    private static final Set<String> KNOWN = Set.of(
            "collections.OrderedDict",
            "collections.Counter",
            "torch.Size",
            "torch.Tensor",
            "torch.device",
            "torch.nn.parameter.Parameter",
            "torch.nn.parameter.Buffer",
            "torch.serialization._get_layout",
            "torch._tensor._rebuild_from_type_v2",
            "torch.per_tensor_affine",
            "torch.per_tensor_symmetric",
            "torch.per_channel_affine",
            "torch.per_channel_symmetric",
            "torch.per_channel_affine_float_qparams",
            "_codecs.encode",
            "builtins.bytearray",
            "builtins.set",
            "builtins.complex");

    private static final Set<String> REBUILDS = Set.of(
            "torch._utils._rebuild_tensor",
            "torch._utils._rebuild_tensor_v2",
            "torch._utils._rebuild_tensor_v3",
            "torch._utils._rebuild_parameter",
            "torch._utils._rebuild_parameter_with_state",
            "torch._utils._rebuild_device_tensor_from_cpu_tensor",
            "torch._utils._rebuild_qtensor",
            "torch._utils._rebuild_sparse_tensor",
            "torch._utils._rebuild_meta_tensor_no_storage",
            "torch._utils._rebuild_nested_tensor",
            "torch._utils._rebuild_wrapper_subclass");

    private final PickleInput in;
    private final PickleBudget budget;
    private final Map<String, TorchType> storages;
    private final Set<String> refused = new LinkedHashSet<>();

    PickleCalls(PickleInput in, PickleBudget budget, Map<String, TorchType> storages) {
        this.in = in;
        this.storages = storages;
        this.budget = budget;
    }

    Name name(String module, String name) {
        String path = (module.equals("__builtin__") ? "builtins" : module) + "." + name;
        if (!KNOWN.contains(path)
                && !REBUILDS.contains(path)
                && TorchType.of(path).isEmpty()
                && TorchType.ofStorage(path).isEmpty()) {
            note(path);
        }
        return new Name(path);
    }

    boolean isRefused(PickledValue value) {
        return value instanceof Name name && refused.contains(name.value());
    }

    PickledValue call(PickledValue function, PickledValue arguments) {
        if (isRefused(function)) {
            return function;
        }
        if (!(function instanceof Name name) || !(arguments instanceof Sequence given)) {
            throw in.damaged("a call of what is no function");
        }
        List<PickledValue> items = given.items();
        if (REBUILDS.contains(name.value())) {
            return tensor(name.value(), items);
        }
        return switch (name.value()) {
            case "collections.OrderedDict", "collections.Counter" -> dict(items);
            case "torch.Size" -> sequence(at(items, 0));
            case "builtins.set" -> items.isEmpty() ? Sequence.list() : sequence(items.get(0));
            case "torch.device", "torch.serialization._get_layout" -> at(items, 0);
            case "builtins.complex" -> given;
            case "_codecs.encode" -> encoded(items);
            case "builtins.bytearray" -> items.isEmpty() ? new Bytes(new byte[0]) : encoded(items);
            case "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer", "torch.Tensor" -> inner(items);
            case "torch._tensor._rebuild_from_type_v2" -> subclass(items);
            default -> throw in.damaged("a call of " + name.value() + ", which is no function");
        };
    }

    void build(PickledValue object, PickledValue state) {
        // The attributes of an OrderedDict or a subclassed tensor are not what the file is read for.
        if (!(object instanceof Dict) && !(object instanceof Tensor) && !isRefused(object)) {
            throw in.damaged("a state for what has none: " + object);
        }
        if (object instanceof Tensor && state instanceof Sequence given && holdsData(given)) {
            throw refused("a tensor whose data come as its state, as PyTorch before 0.2 wrote it");
        }
    }

    PickledValue storage(PickledValue id) {
        if (!(id instanceof Sequence given) || given.items().isEmpty()) {
            throw in.damaged("a reference to an object outside the pickle, " + id);
        }
        List<PickledValue> items = given.items();
        String kind = items.get(0).text().orElse("an object without name");
        if (!kind.equals("storage")) {
            throw refused("a whole pickled " + Problems.shorten(kind)
                    + (items.size() > 1 && items.get(1) instanceof Name name ? " " + name.value() : ""));
        }
        if (isRefused(at(items, 1))) {
            return items.get(1);
        }
        TorchType type = items.get(1) instanceof Name name
                ? TorchType.ofStorage(name.value())
                        .or(() -> TorchType.of(name.value()))
                        .orElse(null)
                : null;
        if (type == null) {
            throw in.damaged("a storage of unknown type, " + items.get(1));
        }
        String key = at(items, 2) instanceof Int number
                ? number.value().toString()
                : items.get(2).text().orElseThrow(() -> in.damaged("a storage without a key"));
        long elements = whole(at(items, 4));
        long start = 0;
        if (items.size() > 5 && items.get(5) instanceof Sequence view) {
            start = whole(at(view.items(), 1));
            elements = whole(at(view.items(), 2));
        }
        try {
            Math.multiplyExact(Math.addExact(start, elements), type.size());
        } catch (ArithmeticException e) {
            throw in.damaged("a storage of " + elements + " elements from " + start, e);
        }
        storages.putIfAbsent(key, type);
        return new Storage(type, key, elements, start);
    }

    /** Refuses at once. */
    CheckpointException refused(String what) {
        note(what);
        return refusal(null);
    }

    /** Throws if anything was kept out. */
    void refuse(@Nullable Throwable cause) {
        if (!refused.isEmpty()) {
            throw refusal(cause);
        }
    }

    private void note(String what) {
        if (refused.size() < MOST_REFUSED) {
            refused.add(Problems.shorten(what));
        }
        if (refused.size() == MOST_REFUSED) {
            throw refusal(null);
        }
    }

    private CheckpointException refusal(@Nullable Throwable cause) {
        Problems problems = new Problems();
        refused.forEach(problems::add);
        return new CheckpointException(
                in.file(),
                "The PyTorch file " + in.file() + " asks for more than data, and Tailor runs nothing from a file:"
                        + problems
                        + "\nTake a revision of the model that has safetensors. If you trust the author of this file, load it"
                        + " in Python and save the tensors alone: torch.save(model.state_dict(), ...)",
                cause);
    }

    private PickledValue tensor(String function, List<PickledValue> items) {
        String kind = function.substring("torch._utils._rebuild_".length());
        return switch (kind) {
            case "tensor", "tensor_v2" -> {
                if (isRefused(at(items, 0))) {
                    yield items.get(0);
                }
                flipped(items, 6);
                yield strided(items, null);
            }
            case "tensor_v3" -> {
                if (isRefused(at(items, 0))) {
                    yield items.get(0);
                }
                flipped(items, 7);
                TorchType type = at(items, 6) instanceof Name name
                        ? TorchType.of(name.value()).orElse(null)
                        : null;
                if (type == null) {
                    throw in.damaged("a tensor of unknown type, " + items.get(6));
                }
                yield strided(items, type);
            }
            case "parameter", "parameter_with_state" -> inner(items);
            case "device_tensor_from_cpu_tensor" -> {
                PickledValue tensor = inner(items);
                boolean same = tensor instanceof Tensor t
                        && at(items, 1) instanceof Name name
                        && name.value().equals("torch." + t.type());
                yield same ? tensor : new Tensor("a tensor of a device in another type than stored");
            }
            case "qtensor" -> new Tensor("a quantised tensor");
            case "sparse_tensor" -> new Tensor("a sparse tensor");
            case "meta_tensor_no_storage" -> new Tensor("a tensor of the meta device, which has no data");
            case "nested_tensor" -> new Tensor("a nested tensor");
            default -> new Tensor("a tensor of a subclass of its own");
        };
    }

    private Tensor strided(List<PickledValue> items, @Nullable TorchType given) {
        if (!(at(items, 0) instanceof Storage storage)) {
            throw in.damaged("a tensor without a storage");
        }
        TorchType type = given == null ? storage.type() : given;
        try {
            Strides strides = new Strides(whole(at(items, 1)), wholes(at(items, 2)), wholes(at(items, 3)));
            if (Math.multiplyExact(strides.end(), type.size()) > storage.byteSize()) {
                throw in.damaged("a tensor of " + type.name() + " " + Problems.shorten(strides.toString())
                        + " reaches beyond " + storage);
            }
            // The numbers must also survive being counted in bytes.
            Math.multiplyExact(strides.elements(), type.size());
            return new Tensor(type, strides, storage);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw in.damaged("a tensor has " + Problems.shorten(String.valueOf(e.getMessage())), e);
        }
    }

    /** A conjugated or negated view says in its metadata that the numbers are not the stored ones. */
    private void flipped(List<PickledValue> items, int metadata) {
        if (items.size() > metadata && items.get(metadata) instanceof Dict dict) {
            for (String key : List.of("conj", "neg")) {
                if (dict.get(key).orElse(null) instanceof Bool flag && flag.value()) {
                    throw refused("a lazily changed tensor (" + key + ")");
                }
            }
        }
    }

    private PickledValue subclass(List<PickledValue> items) {
        // One level only, so that no file decides how deep this goes.
        if (!(at(items, 0) instanceof Name function && at(items, 2) instanceof Sequence arguments)) {
            throw in.damaged("a tensor of a subclass without its parts");
        }
        if (isRefused(function)) {
            return function;
        }
        if (!REBUILDS.contains(function.value())) {
            throw in.damaged("a tensor rebuilt by " + function.value());
        }
        return tensor(function.value(), arguments.items());
    }

    private PickledValue inner(List<PickledValue> items) {
        PickledValue data = at(items, 0);
        if (!(data instanceof Tensor) && !isRefused(data)) {
            throw in.damaged("a parameter without a tensor");
        }
        return data;
    }

    private Dict dict(List<PickledValue> items) {
        Dict dict = new Dict();
        if (!items.isEmpty() && items.get(0) instanceof Dict given) {
            // A copy each time, of what the file has only once.
            budget.values(given.size());
            given.entries().forEach(entry -> dict.put(entry.key(), entry.value()));
        } else if (!items.isEmpty()) {
            List<PickledValue> pairs = sequence(items.get(0)).items();
            budget.values(pairs.size());
            for (PickledValue pair : pairs) {
                List<PickledValue> entry = sequence(pair).items();
                dict.put(at(entry, 0), at(entry, 1));
            }
        }
        return dict;
    }

    private PickledValue encoded(List<PickledValue> items) {
        if (at(items, 0) instanceof Bytes) {
            return items.get(0);
        }
        String text = items.get(0).text().orElseThrow(() -> in.damaged("encoding what is no text"));
        budget.bytes(text.length());
        return new Bytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static boolean holdsData(Sequence state) {
        return state.items().stream().anyMatch(item -> item instanceof Tensor || item instanceof Storage);
    }

    private Sequence sequence(PickledValue value) {
        if (value instanceof Sequence sequence) {
            return sequence;
        }
        throw in.damaged("expected a list, found " + value);
    }

    private PickledValue at(List<PickledValue> items, int index) {
        if (items.size() <= index) {
            throw in.damaged("a call with too few arguments");
        }
        return items.get(index);
    }

    private List<Long> wholes(PickledValue value) {
        List<PickledValue> items = sequence(value).items();
        if (items.size() > Strides.MOST_AXES) {
            throw in.damaged("a tensor of " + items.size() + " axes; the most is " + Strides.MOST_AXES);
        }
        return items.stream().map(this::whole).toList();
    }

    private long whole(PickledValue value) {
        if (value instanceof Int number && number.value().signum() >= 0) {
            BigInteger whole = number.value();
            if (whole.bitLength() < Long.SIZE) {
                return whole.longValue();
            }
        }
        throw in.damaged("expected a number from 0 to 2^63-1, found " + Problems.shorten(value.toString()));
    }
}
