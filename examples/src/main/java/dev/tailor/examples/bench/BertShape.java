package dev.tailor.examples.bench;

import java.util.Locale;

/** The sizes of a BERT encoder. */
record BertShape(int layers, int width, int heads, int inner, int vocabulary, int positions) {

    BertShape {
        if (layers < 1 || heads < 1 || width < 1 || inner < 1 || width % heads != 0) {
            throw new IllegalArgumentException("not the shape of a BERT: " + layers + " layers, " + width + " wide, "
                    + heads + " heads, " + inner + " within");
        }
    }

    /** The {@code config.json} of such a model. */
    String config() {
        return String.format(Locale.ROOT, """
                {
                  "architectures": ["BertModel"],
                  "model_type": "bert",
                  "num_hidden_layers": %d,
                  "hidden_size": %d,
                  "num_attention_heads": %d,
                  "intermediate_size": %d,
                  "vocab_size": %d,
                  "max_position_embeddings": %d,
                  "type_vocab_size": 2,
                  "hidden_act": "gelu",
                  "hidden_dropout_prob": 0.0,
                  "attention_probs_dropout_prob": 0.0,
                  "layer_norm_eps": 1e-12
                }
                """, layers, width, heads, inner, vocabulary, positions);
    }

    @Override
    public String toString() {
        return "BERT encoder: " + layers + " layers, " + width + " wide, " + heads + " heads, " + inner + " within, "
                + vocabulary + " words";
    }
}
