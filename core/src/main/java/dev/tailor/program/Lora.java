package dev.tailor.program;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * An adapter in a trace. Merged, the change is added to the weight, which an engine computes once at load; else it is a second
 * path beside the module, so that its matrices can be trained or exchanged.
 */
record Lora(Adapter adapter, boolean merged) {

    /** The output of a linear layer at a scope. */
    Value linear(Scope at, Value x, Value weight, UnaryOperator<Value> layer) {
        String module = at.key("");
        long in = weight.size(1).constant();
        long r = adapter.rank(module);
        Value a = at.sub("lora_A").weight("weight", Init.fanIn(in), r, in);
        Value b = at.sub("lora_B").weight("weight", Init.zeros(), weight.size(0).constant(), r);
        double scale = adapter.scale(module);
        if (merged) {
            return layer.apply(weight.add(b.matmul(a).mul(scale)));
        }
        Value thin = at.linear(at.linear(at.dropout(x, adapter.dropout()), a, null), b, null);
        return layer.apply(weight).add(thin.mul(scale));
    }

    /** The rows of a table at a scope. */
    Value embedding(Scope at, Value ids, Value table) {
        String module = at.key("");
        long r = adapter.rank(module);
        Value a = at.weight("lora_embedding_A", Init.zeros(), r, table.size(0).constant());
        Value b =
                at.weight("lora_embedding_B", new Init.Normal(1), table.size(1).constant(), r);
        double scale = adapter.scale(module);
        if (merged) {
            return at.embedding(ids, table.add(b.matmul(a).transpose(0, 1).mul(scale)));
        }
        Value thin = at.linear(at.embedding(ids, a.transpose(0, 1)), b, null);
        return at.embedding(ids, table).add(thin.mul(scale));
    }

    /** The output of a convolution at a scope. */
    Value conv2d(Scope at, Value x, Value weight, Op.Conv2d form, UnaryOperator<Value> layer) {
        String module = at.key("");
        long r = adapter.rank(module);
        long groups = form.groups();
        if (r % groups != 0) {
            throw new IllegalArgumentException(
                    module + " is a convolution in " + groups + " groups, which do not divide" + " the adapter's rank "
                            + r + "; leave it out of the adapter's targets");
        }
        long out = weight.size(0).constant();
        long in = x.size(1).constant();
        long height = weight.size(2).constant();
        long width = weight.size(3).constant();
        // The first convolution sees all channels; only the second one has groups.
        Value a = at.sub("lora_A").weight("weight", Init.fanIn(in * height * width), r, in, height, width);
        Value b = at.sub("lora_B").weight("weight", Init.zeros(), out, r / groups, 1, 1);
        double scale = adapter.scale(module);
        if (merged && groups == 1) {
            Value change = b.reshape(out, r).matmul(a.reshape(r, in * height * width));
            return layer.apply(weight.add(change.reshape(weight.shape()).mul(scale)));
        }
        Op.Conv2d whole = new Op.Conv2d(form.stride(), form.padding(), form.dilation(), 1);
        Op.Conv2d point = new Op.Conv2d(List.of(1L, 1L), List.of(0L, 0L), List.of(1L, 1L), groups);
        Value thin = at.conv2d(at.conv2d(at.dropout(x, adapter.dropout()), a, null, whole), b, null, point);
        return layer.apply(weight).add(thin.mul(scale));
    }
}
