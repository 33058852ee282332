package dev.tailor.zoo.text;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.Masks;
import dev.tailor.zoo.nn.PostNormLayer;
import dev.tailor.zoo.nn.TextEmbeddings;
import dev.tailor.zoo.nn.TextHeads;
import java.util.Map;

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
            boolean tieWordEmbeddings,
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
                    json.flag("tie_word_embeddings", true),
                    json.labelCount());
            json.oneOf("position_embedding_type", "absolute", "absolute");
            json.mustBeOff("is_decoder", "add_cross_attention");
        }

        TextEmbeddings embeddings() {
            return new TextEmbeddings(
                    vocabSize, hiddenSize, maxPositionEmbeddings, typeVocabSize, layerNormEps, hiddenDropoutProb);
        }

        PostNormLayer layer() {
            PostNormLayer.Dropouts dropouts = PostNormLayer.Dropouts.of(attentionProbsDropoutProb, hiddenDropoutProb);
            return new PostNormLayer(
                    PostNormLayer.Names.BERT, numAttentionHeads, intermediateSize, hiddenAct, layerNormEps, dropouts);
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope bert = head == Head.BASE ? scope : scope.sub("bert");
        Value ids = scope.input("input_ids", Kind.INTEGER, "batch", "length");
        Value mask = scope.optionalInput("attention_mask", Kind.INTEGER, "batch", "length");
        Value types = scope.optionalInput("token_type_ids", Kind.INTEGER, "batch", "length");
        scope.atMost("length", c.maxPositionEmbeddings());
        Value x = c.embeddings().apply(bert.sub("embeddings"), ids, types);
        Value keys = Masks.padding(mask);
        PostNormLayer layer = c.layer();
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            x = layer.apply(bert.sub("encoder.layer", i), x, keys);
        }
        Value states = x;
        return switch (head) {
            case BASE -> TextHeads.statesAndPooler(bert, "pooler.dense", states);
            case SEQUENCE_CLASSIFICATION -> {
                Value pooled = scope.features(TextHeads.pooler(bert, "pooler.dense", states));
                yield TextHeads.classifier(scope, pooled, c.classifierDropout(), c.labels());
            }
            case TOKEN_CLASSIFICATION -> TextHeads.classifier(scope, states, c.classifierDropout(), c.labels());
            case QUESTION_ANSWERING -> TextHeads.answers(scope, "qa_outputs", states);
            case MASKED_LM -> predictions(scope.sub("cls.predictions"), bert, c, states);
            default -> throw new TailorException("bert has no head " + head);
        };
    }

    private static Map<String, Value> predictions(Scope cls, Scope bert, Config c, Value states) {
        Value x = Activation.apply(c.hiddenAct(), cls.linear("transform.dense", states, c.hiddenSize()));
        Value table = bert.matrix("embeddings.word_embeddings", c.vocabSize(), c.hiddenSize());
        x = cls.layerNorm("transform.LayerNorm", x, c.layerNormEps());
        return TextHeads.words(cls, "decoder", "bias", x, table, c.tieWordEmbeddings());
    }
}
