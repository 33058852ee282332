package dev.tailor.zoo.nn;

import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Self-attention whose query, key and value come from one linear layer, as torchvision and timm keep them. */
public final class FusedAttention {
    private FusedAttention() {}

    /**
     * Attends; the output projection is the caller's.
     *
     * @param projected {@code [batch, length, 3 * width]}
     * @param mask broadcasts to the scores {@code [batch, heads, length, length]}; null for none
     */
    public static Value apply(Scope scope, Value projected, long heads, @Nullable Value mask, double dropout) {
        List<Value> parts = projected.chunk(2, 3);
        return MultiHead.join(scope.attention(
                MultiHead.split(parts.get(0), heads),
                MultiHead.split(parts.get(1), heads),
                MultiHead.split(parts.get(2), heads),
                mask,
                dropout));
    }
}
