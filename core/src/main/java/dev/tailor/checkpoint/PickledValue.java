package dev.tailor.checkpoint;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle holds, as plain data: numbers, texts, lists, dicts and descriptions of tensors.
 *
 * <p>Lists and dicts may hold themselves, as they may in Python. They are equal only to themselves. Safe for many threads.
 */
public sealed interface PickledValue {
    /** The value under a key, where this is a dict that has it. */
    default Optional<PickledValue> get(String key) {
        return Optional.empty();
    }

    /** The number, where this is one; a boolean is none. */
    default OptionalDouble number() {
        return OptionalDouble.empty();
    }

    /** The text, where this is one. */
    default Optional<String> text() {
        return Optional.empty();
    }

    /** Python's {@code None}. */
    record None() implements PickledValue {}

    /** A boolean. */
    record Bool(boolean value) implements PickledValue {}

    /** An integer. */
    record Int(BigInteger value) implements PickledValue {
        @Override
        public OptionalDouble number() {
            return OptionalDouble.of(value.doubleValue());
        }
    }

    /** A floating-point number. */
    record Real(double value) implements PickledValue {
        @Override
        public OptionalDouble number() {
            return OptionalDouble.of(value);
        }
    }

    /** A text. */
    record Text(String value) implements PickledValue {
        @Override
        public Optional<String> text() {
            return Optional.of(value);
        }
    }

    /** The name of something that stands for itself, such as {@code torch.float32}. */
    record Name(String value) implements PickledValue {}

    /** Bytes. */
    final class Bytes implements PickledValue {
        private final byte[] value;

        Bytes(byte[] value) {
            this.value = value;
        }

        /** A copy of the bytes. */
        public byte[] value() {
            return value.clone();
        }

        @Override
        public String toString() {
            return value.length + " bytes";
        }

        boolean isEmpty() {
            return value.length == 0;
        }
    }

    /** A list, a tuple or a set. */
    final class Sequence implements PickledValue {
        private final List<PickledValue> items;
        private final boolean fixed;

        private Sequence(List<PickledValue> items, boolean fixed) {
            this.items = items;
            this.fixed = fixed;
        }

        static Sequence list() {
            return new Sequence(new ArrayList<>(0), false);
        }

        static Sequence tuple(PickledValue... items) {
            return new Sequence(Arrays.asList(items), true);
        }

        /** The items in the order of the file; read-only. */
        public List<PickledValue> items() {
            return Collections.unmodifiableList(items);
        }

        boolean isFixed() {
            return fixed;
        }

        void add(PickledValue item) {
            items.add(item);
        }

        @Override
        public String toString() {
            return "a sequence of " + items.size();
        }
    }

    /** A dict. */
    final class Dict implements PickledValue {
        // Keyed by what Java can compare, not by records: colliding keys that have an order cost little.
        private final Map<Object, Entry> entries = new LinkedHashMap<>();

        Dict() {}

        /** The entries in the order of the file; read-only. */
        public List<Entry> entries() {
            return List.copyOf(entries.values());
        }

        @Override
        public Optional<PickledValue> get(String key) {
            return Optional.ofNullable(entries.get(key)).map(Entry::value);
        }

        /** The number of entries. */
        public int size() {
            return entries.size();
        }

        void put(PickledValue key, PickledValue value) {
            Object comparable = key;
            if (key instanceof Text text) {
                comparable = text.value();
            } else if (key instanceof Int number) {
                comparable = number.value();
            } else if (key instanceof Real number) {
                comparable = number.value();
            }
            entries.put(comparable, new Entry(key, value));
        }

        @Override
        public String toString() {
            return "a dict of " + entries.size();
        }
    }

    /** A key of a dict and its value. */
    record Entry(PickledValue key, PickledValue value) {}

    /** Bytes outside the pickle in which tensors lie. */
    final class Storage implements PickledValue {
        private final TorchType type;
        private final String key;
        private final long elements;

        /** Where a storage is a part of another: the part's first element. */
        private final long start;

        Storage(TorchType type, String key, long elements, long start) {
            this.type = type;
            this.key = key;
            this.elements = elements;
            this.start = start;
        }

        TorchType type() {
            return type;
        }

        String key() {
            return key;
        }

        long elements() {
            return elements;
        }

        long start() {
            return start;
        }

        long byteSize() {
            return Math.multiplyExact(elements, type.size());
        }

        @Override
        public String toString() {
            return "a storage of " + elements + " " + type.name();
        }
    }

    /** A tensor: its description; the numbers stay in the file and are had through {@link Checkpoint}. */
    final class Tensor implements PickledValue {
        private final TorchType type;
        private final List<Long> shape;
        private final @Nullable Strides strides;
        private final @Nullable Storage storage;
        private final String unusable;

        Tensor(TorchType type, Strides strides, Storage storage) {
            this.type = type;
            this.shape = strides.shape();
            this.strides = strides;
            this.storage = storage;
            this.unusable = "";
        }

        /** A tensor that is told by name and cannot be read; {@code unusable} says what it is. */
        Tensor(String unusable) {
            this.type = TorchType.UNKNOWN;
            this.shape = List.of();
            this.strides = null;
            this.storage = null;
            this.unusable = unusable;
        }

        /** The dimensions, outermost first. */
        public List<Long> shape() {
            return shape;
        }

        /** PyTorch's name of the element type, such as {@code float32}. */
        public String type() {
            return type.name();
        }

        TorchType torchType() {
            return type;
        }

        @Nullable
        Strides strides() {
            return strides;
        }

        @Nullable
        Storage storage() {
            return storage;
        }

        String unusable() {
            return unusable;
        }

        @Override
        public String toString() {
            return unusable.isEmpty() ? "a tensor " + type.name() + " " + shape : unusable;
        }
    }
}
