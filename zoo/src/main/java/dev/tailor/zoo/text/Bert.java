package dev.tailor.zoo.text;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.Masks;
import dev.tailor.zoo.nn.MultiHead;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** BERT (Devlin et al. 2018, arXiv 1810.04805), after transformers' {@code modeling_bert.py}. */
public final class Bert {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("bert", "Bert", Config::new, Bert::build)
            .prefix("bert")
            .heads(Head.SEQUENCE_CLASSIFICATION, Head.TOKEN_CLASSIFICATION, Head.QUESTION_ANSWERING, Head.MASKED_LM)
            .headKeys("classifier", "qa_outputs", "bert.pooler")
            .ignorable("pooler", "cls.seq_relationship")
            .adapterTargets("query", "value");

    private Bert() {}

    /** The keys of {@code config.json}. */
    record Config(
            long vocabSize,
            long hiddenSize,
            long numHiddenLayers,
            long numAttentionHeads,
            long intermediateSize,
            String hiddenAct,
            double hiddenDropoutProb,
            double attentionProbsDropoutProb,
            long maxPositionEmbeddings,
            long typeVocabSize,
            double initializerRange,
            double layerNormEps,
            double classifierDropout,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("vocab_size", 30522),
                    json.width("hidden_size", 768),
                    json.layers("num_hidden_layers", 12),
                    json.width("num_attention_heads", 12),
                    json.width("intermediate_size", 3072),
                    json.text("hidden_act", "gelu"),
                    json.number("hidden_dropout_prob", 0.1),
                    json.number("attention_probs_dropout_prob", 0.1),
                    json.width("max_position_embeddings", 512),
                    json.width("type_vocab_size", 2),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-12),
                    json.number("classifier_dropout", json.number("hidden_dropout_prob", 0.1)),
                    json.labelCount());
            String positions = json.text("position_embedding_type", "absolute");
            if (!positions.equals("absolute")) {
                throw new TailorException(json.source() + ": position_embedding_type \"" + positions
                        + "\" is not supported, only \"absolute\"");
            }
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope bert = head == Head.BASE ? scope : scope.sub("bert");
        Value ids = scope.input("input_ids", Kind.INTEGER, "batch", "length");
        Value mask = scope.optionalInput("attention_mask", Kind.INTEGER, "batch", "length");
        Value types = scope.optionalInput("token_type_ids", Kind.INTEGER, "batch", "length");
        scope.atMost("length", c.maxPositionEmbeddings());
        Value x = embeddings(bert.sub("embeddings"), c, ids, types);
        Value keys = Masks.padding(mask);
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            x = layer(bert.sub("encoder.layer", i), c, x, keys);
        }
        return head(scope, bert, c, head, x);
    }

    private static Value embeddings(Scope scope, Config c, Value ids, @Nullable Value types) {
        long width = c.hiddenSize();
        Value words = scope.embedding("word_embeddings", ids, c.vocabSize(), width);
        Value kinds = scope.sub("token_type_embeddings")
                .weight("weight", new Init.Normal(c.initializerRange()), c.typeVocabSize(), width);
        Value positions = scope.sub("position_embeddings")
                .weight("weight", new Init.Normal(c.initializerRange()), c.maxPositionEmbeddings(), width)
                .slice(0, Size.of(0), ids.size(1));
        // Without segments every token has kind 0, so the first row is added to all of them.
        Value kind = types == null
                ? kinds.slice(0, 0, 1)
                : scope.embedding("token_type_embeddings", types, c.typeVocabSize(), width);
        Value sum = words.add(kind).add(positions);
        return scope.dropout(scope.layerNorm("LayerNorm", sum, c.layerNormEps()), c.hiddenDropoutProb());
    }

    private static Value layer(Scope scope, Config c, Value x, @Nullable Value mask) {
        Value attended = MultiHead.selfAttention(
                scope.sub("attention.self"), x, c.numAttentionHeads(), true, mask, c.attentionProbsDropoutProb());
        Value a = output(scope.sub("attention.output"), c, attended, x);
        Value inner = Activation.apply(c.hiddenAct(), scope.linear("intermediate.dense", a, c.intermediateSize()));
        return output(scope.sub("output"), c, inner, a);
    }

    private static Value output(Scope scope, Config c, Value x, Value residual) {
        Value projected = scope.dropout(scope.linear("dense", x, c.hiddenSize()), c.hiddenDropoutProb());
        return scope.layerNorm("LayerNorm", projected.add(residual), c.layerNormEps());
    }

    private static Map<String, Value> head(Scope scope, Scope bert, Config c, Head head, Value states) {
        Map<String, Value> outputs = new LinkedHashMap<>();
        switch (head) {
            case BASE -> {
                outputs.put("last_hidden_state", states);
                // Checkpoints of models for tokens come without a pooler.
                if (bert.has("pooler.dense.weight")) {
                    outputs.put("pooler_output", pooler(bert, c, states));
                }
            }
            case SEQUENCE_CLASSIFICATION -> {
                Value features = scope.features(pooler(bert, c, states));
                Value dropped = scope.dropout(features, c.classifierDropout());
                outputs.put("logits", scope.linear("classifier", dropped, c.labels()));
            }
            case TOKEN_CLASSIFICATION -> {
                Value dropped = scope.dropout(states, c.classifierDropout());
                outputs.put("logits", scope.linear("classifier", dropped, c.labels()));
            }
            case QUESTION_ANSWERING -> {
                Value logits = scope.linear("qa_outputs", states, 2);
                outputs.put("start_logits", logits.select(-1, 0));
                outputs.put("end_logits", logits.select(-1, 1));
            }
            case MASKED_LM -> outputs.put("logits", predictions(scope, bert, c, states));
            default -> throw new TailorException("bert has no head " + head);
        }
        return outputs;
    }

    private static Value pooler(Scope bert, Config c, Value states) {
        return bert.linear("pooler.dense", states.select(1, 0), c.hiddenSize()).tanh();
    }

    /** Words for every token; the matrix is the table of word embeddings. */
    private static Value predictions(Scope scope, Scope bert, Config c, Value states) {
        Scope cls = scope.sub("cls.predictions");
        Value x = Activation.apply(c.hiddenAct(), cls.linear("transform.dense", states, c.hiddenSize()));
        x = cls.layerNorm("transform.LayerNorm", x, c.layerNormEps());
        Value table = bert.sub("embeddings.word_embeddings")
                .weight("weight", new Init.Normal(c.initializerRange()), c.vocabSize(), c.hiddenSize());
        cls.tied("decoder.weight");
        cls.tied("decoder.bias");
        return cls.linear(x, table, cls.weight("bias", Init.zeros(), c.vocabSize()));
    }
}
