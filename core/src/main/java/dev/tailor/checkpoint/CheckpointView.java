package dev.tailor.checkpoint;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Another checkpoint's tensors under other names and with other axes.
 *
 * <p>Nothing is copied until bytes are asked for, and then only where axes change their order. Immutable and safe for many
 * threads.
 */
public final class CheckpointView implements Checkpoint {
    private final Checkpoint source;
    private final Map<String, TensorSource> tensors;

    private CheckpointView(Checkpoint source, Map<String, TensorSource> tensors) {
        this.source = source;
        this.tensors = tensors;
    }

    /**
     * A view that has the tensors of the map and no others.
     *
     * @throws CheckpointException if the source lacks tensors or has some that do not fit, with all of them
     */
    public static Checkpoint of(Checkpoint source, Map<String, TensorSource> tensors) {
        CheckpointView view = new CheckpointView(source, new LinkedHashMap<>(tensors));
        Problems problems = new Problems();
        Set<String> there = source.names();
        tensors.forEach((name, from) -> {
            if (!there.contains(from.name())) {
                problems.add(Problems.shorten(name) + ": there is no " + Problems.shorten(from.name()));
            } else if (!from.axes().isEmpty() || !from.shape().isEmpty()) {
                view.check(name, from, problems);
            }
        });
        if (problems.any()) {
            throw new CheckpointException(
                    source.toString(), null, "The tensors of " + source + " are not those expected:" + problems, null);
        }
        return view;
    }

    /**
     * A view that has all tensors, under new names.
     *
     * @throws CheckpointException if two tensors get one name
     */
    public static Checkpoint renamed(Checkpoint source, UnaryOperator<String> newName) {
        Map<String, TensorSource> tensors = new LinkedHashMap<>();
        for (String name : source.names()) {
            TensorSource before = tensors.put(newName.apply(name), TensorSource.of(name));
            if (before != null) {
                throw new CheckpointException(
                        source.toString(),
                        name,
                        "Of " + source + ", the tensors " + before.name() + " and " + name + " both become "
                                + newName.apply(name),
                        null);
            }
        }
        return new CheckpointView(source, tensors);
    }

    private void check(String name, TensorSource from, Problems problems) {
        TensorInfo info = source.info(from.name()).orElseThrow();
        String what = Problems.shorten(name) + ": " + Problems.shorten(from.name()) + ", " + info + ", ";
        if (!from.axes().isEmpty() && from.axes().size() != info.shape().size()) {
            problems.add(what + "does not have the axes of " + from.axes());
        } else if (!from.shape().isEmpty()
                && TensorInfo.of(name, info.dtype(), from.shape()).elements() != info.elements()) {
            problems.add(what + "cannot become " + from.shape());
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        TensorSource from = tensors.get(name);
        if (from == null) {
            return Optional.empty();
        }
        return source.info(from.name()).map(info -> {
            List<Long> shape = !from.shape().isEmpty()
                    ? from.shape()
                    : from.axes().isEmpty()
                            ? info.shape()
                            : from.axes().stream().map(info.shape()::get).toList();
            return TensorInfo.of(name, info.dtype(), shape);
        });
    }

    @Override
    public ByteBuffer bytes(String name) {
        TensorSource from = from(name);
        if (!from.movesElements()) {
            return source.bytes(from.name());
        }
        return moved(from, 0, Math.toIntExact(info(name).orElseThrow().byteSize()));
    }

    @Override
    public ByteBuffer bytes(String name, long offset, int length) {
        TensorSource from = from(name);
        if (!from.movesElements()) {
            return source.bytes(from.name(), offset, length);
        }
        Parts.check(info(name).orElseThrow(), offset, length);
        return moved(from, offset, length);
    }

    private ByteBuffer moved(TensorSource from, long offset, int length) {
        TensorInfo info = source.info(from.name()).orElseThrow();
        Strides strides = Strides.rowMajor(info.shape()).permuted(from.axes());
        // All of it, since a part of the result may come from everywhere.
        ByteBuffer whole = source.bytes(from.name());
        return length == 0
                ? whole.slice(0, 0)
                : Parts.gather(strides, whole, info.dtype().size(), offset, length);
    }

    @Override
    public Map<String, String> metadata() {
        return source.metadata();
    }

    @Override
    public String location(String name) {
        return source.location(from(name).name());
    }

    @Override
    public String toString() {
        return source.toString();
    }

    private TensorSource from(String name) {
        TensorSource from = tensors.get(name);
        if (from == null) {
            throw NearNames.missing(name, names(), source.toString());
        }
        return from;
    }
}
