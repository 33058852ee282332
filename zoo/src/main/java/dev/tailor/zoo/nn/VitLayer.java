package dev.tailor.zoo.nn;

import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;

/**
 * The layer of a vision transformer (Dosovitskiy et al. 2020, arXiv 2010.11929) by the names that transformers stores.
 *
 * @param heads how many attention heads
 * @param inner the width between the linear layers
 */
public record VitLayer(
        long heads,
        long inner,
        String activation,
        boolean bias,
        double epsilon,
        double dropout,
        double attentionDropout) {

    /** The layer of a config, by the keys and defaults that ViT and its kin share. */
    public static VitLayer of(ModelConfig json) {
        return new VitLayer(
                json.width("num_attention_heads", 12),
                json.width("intermediate_size", 3072),
                json.text("hidden_act", "gelu"),
                json.flag("qkv_bias", true),
                json.number("layer_norm_eps", 1e-12),
                json.number("hidden_dropout_prob", 0),
                json.number("attention_probs_dropout_prob", 0));
    }

    /** Applies the layer to {@code [batch, length, width]}. */
    public Value apply(Scope scope, Value x) {
        long width = x.size(-1).constant();
        Scope attention = scope.sub("attention.attention");
        Value a = Residual.preNorm(
                scope,
                x,
                "layernorm_before",
                epsilon,
                n -> scope.linear(
                        "attention.output.dense",
                        MultiHead.selfAttention(attention, n, heads, bias, null, attentionDropout),
                        width),
                dropout,
                null,
                0);
        return Residual.preNorm(
                scope,
                a,
                "layernorm_after",
                epsilon,
                n -> Residual.mlp(scope, "intermediate.dense", "output.dense", n, inner, activation),
                dropout,
                null,
                0);
    }
}
