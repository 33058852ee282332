package dev.tailor.zoo.text;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op.Unary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Masks;
import dev.tailor.zoo.nn.PostNormLayer;
import dev.tailor.zoo.nn.TextEmbeddings;
import dev.tailor.zoo.nn.TextHeads;
import java.util.Map;

/**
 * ELECTRA (Clark et al. 2020, arXiv 2003.10555), discriminators and generators, after transformers' {@code
 * modeling_electra.py}.
 */
public final class Electra {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("electra", "Electra", Config::new, Electra::build)
            .prefix("electra")
            .heads(Head.SEQUENCE_CLASSIFICATION, Head.TOKEN_CLASSIFICATION, Head.QUESTION_ANSWERING, Head.MASKED_LM)
            .headKeys("classifier", "qa_outputs")
            .adapterTargets("query", "value");

    private Electra() {}

    /** The keys of {@code config.json}. */
    record Config(
            long vocabSize,
            long embeddingSize,
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
                    json.width("embedding_size", 128),
                    json.width("hidden_size", 256),
                    json.layers("num_hidden_layers", 12),
                    json.width("num_attention_heads", 4),
                    json.width("intermediate_size", 1024),
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
                    vocabSize, embeddingSize, maxPositionEmbeddings, typeVocabSize, layerNormEps, hiddenDropoutProb);
        }

        PostNormLayer layer() {
            PostNormLayer.Dropouts dropouts = PostNormLayer.Dropouts.of(attentionProbsDropoutProb, hiddenDropoutProb);
            return new PostNormLayer(
                    PostNormLayer.Names.BERT, numAttentionHeads, intermediateSize, hiddenAct, layerNormEps, dropouts);
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope electra = head == Head.BASE ? scope : scope.sub("electra");
        Value ids = scope.input("input_ids", Kind.INTEGER, "batch", "length");
        Value mask = Masks.padding(scope.optionalInput("attention_mask", Kind.INTEGER, "batch", "length"));
        Value types = scope.optionalInput("token_type_ids", Kind.INTEGER, "batch", "length");
        scope.atMost("length", c.maxPositionEmbeddings());
        Value x = c.embeddings().apply(electra.sub("embeddings"), ids, types);
        if (c.embeddingSize() != c.hiddenSize()) {
            x = electra.linear("embeddings_project", x, c.hiddenSize());
        }
        PostNormLayer layer = c.layer();
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            x = layer.apply(electra.sub("encoder.layer", i), x, mask);
        }
        double dropout = c.classifierDropout();
        return switch (head) {
            case BASE -> TextHeads.states(x, null);
            case SEQUENCE_CLASSIFICATION ->
                TextHeads.denseClassifier(scope.sub("classifier"), x.select(1, 0), Function.GELU, dropout, c.labels());
            case TOKEN_CLASSIFICATION -> TextHeads.classifier(scope, x, dropout, c.labels());
            case QUESTION_ANSWERING -> TextHeads.answers(scope, "qa_outputs", x);
            case MASKED_LM -> {
                Scope generator = scope.sub("generator_predictions");
                Value dense = generator.linear("dense", x, c.embeddingSize()).apply(Function.GELU);
                Value normal = generator.layerNorm("LayerNorm", dense, c.layerNormEps());
                Value table = electra.matrix("embeddings.word_embeddings", c.vocabSize(), c.embeddingSize());
                yield TextHeads.words(
                        scope, "generator_lm_head", "generator_lm_head.bias", normal, table, c.tieWordEmbeddings());
            }
            default -> throw new TailorException("electra has no head " + head);
        };
    }
}
