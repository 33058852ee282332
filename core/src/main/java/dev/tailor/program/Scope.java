package dev.tailor.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A path into a checkpoint and the leaf layers that read weights there. Model files see weights only through it, so what
 * concerns every layer (where values come from, freezing, precision, adapters) is decided here and never in a model file.
 *
 * <p>Layers infer their input width from the value, so a model file states each width once. Immutable but for the trace behind
 * it; one trace has one thread.
 */
public final class Scope {
    private final Tracer tracer;
    private final String path;
    private final Init matrices;
    private final boolean frozenNorms;

    Scope(Tracer tracer, String path, Init matrices) {
        this(tracer, path, matrices, false);
    }

    private Scope(Tracer tracer, String path, Init matrices, boolean frozenNorms) {
        this.tracer = tracer;
        this.path = path;
        this.matrices = matrices;
        this.frozenNorms = frozenNorms;
    }

    /** The scope under a path; numbers and texts are joined by dots. */
    public Scope sub(Object... parts) {
        String result = path;
        for (Object part : parts) {
            result = result.isEmpty() ? part.toString() : result + "." + part;
        }
        return new Scope(tracer, result, matrices, frozenNorms);
    }

    /** The same scope whose new matrices get other first values; vectors keep zeros and ones. */
    public Scope initializer(Init init) {
        return new Scope(tracer, path, init, frozenNorms);
    }

    /** The same scope whose batch normalisations keep weights and statistics as they are, even while training. */
    public Scope frozenNorms() {
        return new Scope(tracer, path, matrices, true);
    }

    /** The full key of a name in this scope. */
    public String key(String name) {
        return path.isEmpty() ? name : name.isEmpty() ? path : path + "." + name;
    }

    /** Whether a weight of this name can be used: the checkpoint holds it, or it is to be new. */
    public boolean has(String name) {
        return tracer.weights().has(key(name));
    }

    /** An argument of the network; text names an axis that the caller chooses, a number fixes one. */
    public Value input(String name, Kind kind, Object... axes) {
        return tracer.input(name, kind, axes(axes));
    }

    /** An argument that may be left out; null where it is. */
    public @Nullable Value optionalInput(String name, Kind kind, Object... axes) {
        return tracer.optionalInput(name, kind, axes(axes));
    }

    /** Bounds an axis that the caller chooses, such as the number of positions that a table holds. */
    public void atMost(String axis, long limit) {
        tracer.limits().put(axis, limit);
    }

    /** A trainable weight. */
    public Value weight(String name, Init init, long... shape) {
        return weight(name, WeightSpec.Role.PARAMETER, init, shape);
    }

    /** A weight that gradients leave alone. */
    public Value buffer(String name, Init init, long... shape) {
        return weight(name, WeightSpec.Role.BUFFER, init, shape);
    }

    private Value weight(String name, WeightSpec.Role role, Init init, long... shape) {
        List<Long> lengths = Arrays.stream(shape).boxed().toList();
        tracer.weights().use(key(name), role, init, lengths);
        return tracer.node(
                new Op.Weight(key(name)),
                List.of(),
                Kind.FLOAT,
                lengths.stream().map(Size::of).toList());
    }

    /** Declares that a stored weight is a copy of another one and that the other one counts. */
    public void tied(String name) {
        tracer.weights().acknowledge(key(name));
    }

    /** One number, as a value without axes. */
    public Value number(double value) {
        return full(value);
    }

    /** One number repeated over a shape of {@link Size}s and whole numbers. */
    public Value full(double value, Object... shape) {
        List<Size> sizes = Shapes.sizes(shape);
        return tracer.node(new Op.Full(sizes, value), List.of(), Kind.FLOAT, sizes);
    }

    /** Fixed numbers as a value with one axis. */
    public Value numbers(List<Double> values) {
        return tracer.node(new Op.Numbers(values), List.of(), Kind.FLOAT, List.of(Size.of(values.size())));
    }

    /** The integers {@code 0 .. end - 1}. */
    public Value arange(Size end) {
        return tracer.node(new Op.Arange(end), List.of(), Kind.INTEGER, List.of(end));
    }

    /** Integers that are known while tracing, along one axis. */
    public Value integers(List<Long> values) {
        return tracer.node(
                new Op.Integers(List.copyOf(values)), List.of(), Kind.INTEGER, List.of(Size.of(values.size())));
    }

    /** {@code x W^T + b} over the last axis. */
    public Value linear(String name, Value x, long out) {
        return linear(name, x, out, true);
    }

    /** {@code x W^T}, with {@code + b} where {@code bias}. */
    public Value linear(String name, Value x, long out, boolean bias) {
        long in = x.size(-1).constant();
        Scope at = sub(name);
        Value w = at.weight("weight", matrices, out, in);
        Value b = bias ? at.weight("bias", Init.zeros(), out) : null;
        Lora lora = tracer.lora(at.path);
        return lora == null ? linear(x, w, b) : lora.linear(at, x, w, matrix -> linear(x, matrix, b));
    }

    /** {@code x W^T + b} with weights that are already values. */
    public Value linear(Value x, Value weight, @Nullable Value bias) {
        Kinds.require(Kind.FLOAT, x, "a linear layer");
        return tracer.node(new Op.Linear(), operands(x, weight, bias), Kind.FLOAT, Shapes.linear(x, weight));
    }

    /** Rows of a table {@code [rows, width]} for integer ids. */
    public Value embedding(String name, Value ids, long rows, long width) {
        Scope at = sub(name);
        Value table = at.weight("weight", matrices, rows, width);
        Lora lora = tracer.lora(at.path);
        return lora == null ? embedding(ids, table) : lora.embedding(at, ids, table);
    }

    /** The matrix {@code [rows, columns]} of a linear layer or a table, as a value. */
    public Value matrix(String name, long rows, long columns) {
        return sub(name).weight("weight", matrices, rows, columns);
    }

    /** Rows of a table {@code [rows, width]} that is already a value. */
    public Value embedding(Value ids, Value table) {
        Kinds.require(Kind.INTEGER, ids, "a table of embeddings");
        Shapes.requireRank(table, 2, "a table of embeddings");
        List<Size> shape = new ArrayList<>(ids.shape());
        shape.add(table.size(1));
        return tracer.node(new Op.Embedding(), List.of(ids, table), Kind.FLOAT, shape);
    }

    /** Convolution with a square kernel and symmetric padding. */
    public Value conv2d(String name, Value x, long out, long kernel, long stride, long padding, boolean bias) {
        return conv2d(name, x, out, kernel, stride, padding, 1, bias);
    }

    /** Convolution in groups with a square kernel and symmetric padding. */
    public Value conv2d(
            String name, Value x, long out, long kernel, long stride, long padding, long groups, boolean bias) {
        Op.Conv2d form = new Op.Conv2d(List.of(stride, stride), List.of(padding, padding), List.of(1L, 1L), groups);
        return conv2d(name, x, out, List.of(kernel, kernel), form, bias);
    }

    /**
     * Convolution of any form.
     *
     * @param kernel height and width
     * @param form stride, padding and dilation of height and width, and the number of groups
     */
    public Value conv2d(String name, Value x, long out, List<Long> kernel, Op.Conv2d form, boolean bias) {
        Shapes.requireRank(x, 4, key(name));
        long in = x.size(1).constant();
        long groups = form.groups();
        if (groups < 1 || in % groups != 0 || out % groups != 0) {
            throw new IllegalArgumentException(
                    key(name) + ": " + in + " channels to " + out + " in " + groups + " groups do not fit " + x);
        }
        Scope at = sub(name);
        Value w = at.weight("weight", matrices, out, in / groups, kernel.get(0), kernel.get(1));
        Value b = bias ? at.weight("bias", Init.zeros(), out) : null;
        Lora lora = tracer.lora(at.path);
        return lora == null
                ? conv2d(x, w, b, form)
                : lora.conv2d(at, x, w, form, kernels -> conv2d(x, kernels, b, form));
    }

    /** Convolution with weights that are already values. */
    public Value conv2d(Value x, Value weight, @Nullable Value bias, Op.Conv2d form) {
        Shapes.requireRank(x, 4, "a convolution");
        Shapes.requireRank(weight, 4, "the kernels of a convolution");
        List<Long> kernel = List.of(weight.size(2).constant(), weight.size(3).constant());
        return tracer.node(form, operands(x, weight, bias), Kind.FLOAT, Shapes.conv(x, kernel, form, weight.size(0)));
    }

    /** Convolution along the last axis of {@code [batch, channels, length]} with symmetric padding. */
    public Value conv1d(String name, Value x, long out, long kernel, long stride, long padding, long groups) {
        Shapes.requireRank(x, 3, key(name));
        long in = x.size(1).constant();
        if (groups < 1 || in % groups != 0 || out % groups != 0) {
            throw new IllegalArgumentException(
                    key(name) + ": " + in + " channels to " + out + " in " + groups + " groups do not fit " + x);
        }
        Op.Conv2d form = new Op.Conv2d(List.of(1L, stride), List.of(0L, padding), List.of(1L, 1L), groups);
        Value w = sub(name).weight("weight", matrices, out, in / groups, kernel).unsqueeze(2);
        Value result = conv2d(x.unsqueeze(2), w, sub(name).weight("bias", Init.zeros(), out), form);
        return result.reshape(result.size(0), result.size(1), result.size(3));
    }

    /** Normalisation over the last axis (Ba et al. 2016, arXiv 1607.06450). */
    public Value layerNorm(String name, Value x, double epsilon) {
        return layerNorm(name, x, epsilon, true);
    }

    /** Normalisation over the last axis, with {@code + b} where {@code bias}. */
    public Value layerNorm(String name, Value x, double epsilon, boolean bias) {
        long width = x.size(-1).constant();
        Value w = sub(name).weight("weight", Init.ones(), width);
        Value b = bias ? sub(name).weight("bias", Init.zeros(), width) : null;
        return tracer.node(new Op.LayerNorm(epsilon), operands(x, w, b), Kind.FLOAT, x.shape());
    }

    /** Normalisation over groups of channels, axis 1, and all axes behind (Wu and He 2018, arXiv 1803.08494). */
    public Value groupNorm(String name, Value x, long groups, double epsilon) {
        long width = x.size(1).constant();
        if (groups < 1 || width % groups != 0) {
            throw new IllegalArgumentException(
                    key(name) + ": " + width + " channels do not divide into " + groups + " groups");
        }
        Value w = sub(name).weight("weight", Init.ones(), width);
        Value b = sub(name).weight("bias", Init.zeros(), width);
        return tracer.node(new Op.GroupNorm(groups, epsilon), List.of(x, w, b), Kind.FLOAT, x.shape());
    }

    /**
     * Normalisation over channels by running statistics, and by the batch's own while training (Ioffe and Szegedy 2015, arXiv
     * 1502.03167).
     *
     * @param momentum the share of the batch in the running statistics
     */
    public Value batchNorm(String name, Value x, double epsilon, double momentum) {
        long width = x.size(1).constant();
        Scope at = sub(name);
        WeightSpec.Role role = frozenNorms ? WeightSpec.Role.BUFFER : WeightSpec.Role.PARAMETER;
        Value w = at.weight("weight", role, Init.ones(), width);
        Value b = at.weight("bias", role, Init.zeros(), width);
        Value mean = at.buffer("running_mean", Init.zeros(), width);
        Value variance = at.buffer("running_var", Init.ones(), width);
        return tracer.node(
                new Op.BatchNorm(epsilon, momentum, frozenNorms),
                List.of(x, w, b, mean, variance),
                Kind.FLOAT,
                x.shape());
    }

    /**
     * Scaled dot product attention with the scale {@code 1 / sqrt(width)}.
     *
     * @param query, key, value {@code [batch, heads, length, width]}
     * @param mask broadcasts to {@code [batch, heads, queries, keys]}; true takes part (BOOLEAN), or is added to the scores
     *     (FLOAT); null for all
     * @param dropout probability by which attention weights are zeroed while training
     */
    public Value attention(Value query, Value key, Value value, @Nullable Value mask, double dropout) {
        return attention(
                query,
                key,
                value,
                mask,
                dropout,
                1 / Math.sqrt((double) query.size(-1).constant()));
    }

    /** Scaled dot product attention with a scale of one's own. */
    public Value attention(Value query, Value key, Value value, @Nullable Value mask, double dropout, double scale) {
        List<Size> shape = Shapes.attention(query, key, value);
        List<Value> operands = new ArrayList<>(List.of(query, key, value));
        if (mask != null) {
            if (mask.kind() == Kind.INTEGER) {
                throw new IllegalArgumentException("a mask is BOOLEAN or added as FLOAT, found " + mask);
            }
            operands.add(mask);
        }
        return tracer.node(new Op.Attention(scale, false, dropout), operands, Kind.FLOAT, shape);
    }

    /** Zeroes elements at random while training. */
    public Value dropout(Value x, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a dropout must lie within 0 and 1, found " + probability);
        }
        return probability == 0 ? x : tracer.node(new Op.Dropout(probability), List.of(x), x.kind(), x.shape());
    }

    /**
     * Drops whole samples of a branch at random while training, and scales what is left (Huang et al. 2016, arXiv 1603.09382).
     *
     * @param x a branch, before it is added to what it bypasses; the batch is axis 0
     */
    public Value dropPath(Value x, double probability) {
        Object[] ones = new Object[x.rank()];
        Arrays.fill(ones, 1);
        ones[0] = x.size(0);
        return probability == 0 ? x : x.mul(dropout(full(1, ones), probability));
    }

    /** Drops whole channels of {@code [batch, channels, ...]} at random while training. */
    public Value dropChannels(Value x, double probability) {
        Object[] ones = new Object[x.rank()];
        Arrays.fill(ones, 1);
        ones[0] = x.size(0);
        ones[1] = x.size(1);
        return probability == 0 ? x : x.mul(dropout(full(1, ones), probability));
    }

    /** Marks the next of the intermediate states, in the order of the reference library's {@code hidden_states}. */
    public Value hiddenState(Value x) {
        tracer.hiddenState(x);
        return x;
    }

    /**
     * Marks the vector that stands for a whole input, {@code [batch, width]}: what a classifier reads, what feature extraction
     * caches.
     */
    public Value features(Value x) {
        tracer.features(x);
        return x;
    }

    private static List<Size> axes(Object... axes) {
        return Stream.of(axes)
                .map(a -> a instanceof String name
                        ? new Size.Axis(name)
                        : Shapes.sizes(a).get(0))
                .toList();
    }

    private static List<Value> operands(Value first, Value second, @Nullable Value third) {
        return third == null ? List.of(first, second) : List.of(first, second, third);
    }
}
