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
 * RoBERTa (Liu et al. 2019, arXiv 1907.11692), and XLM-RoBERTa and CamemBERT, which differ in their words alone, after
 * transformers' {@code modeling_roberta.py}.
 */
public final class Roberta {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("roberta", "Roberta", Config::new, Roberta::build)
            .aliases("xlm-roberta", "camembert")
            .prefix("roberta")
            .heads(Head.SEQUENCE_CLASSIFICATION, Head.TOKEN_CLASSIFICATION, Head.QUESTION_ANSWERING, Head.MASKED_LM)
            .headKeys("classifier", "qa_outputs")
            .ignorable("pooler")
            .adapterTargets("query", "value");

    private Roberta() {}

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
            long padTokenId,
            boolean tieWordEmbeddings,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("vocab_size", json.modelType().equals("roberta") ? 50265 : 30522),
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
                    json.integer("pad_token_id", 1),
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
        Scope roberta = head == Head.BASE ? scope : scope.sub("roberta");
        Value ids = scope.input("input_ids", Kind.INTEGER, "batch", "length");
        Value mask = scope.optionalInput("attention_mask", Kind.INTEGER, "batch", "length");
        Value types = scope.optionalInput("token_type_ids", Kind.INTEGER, "batch", "length");
        scope.atMost("length", c.maxPositionEmbeddings() - c.padTokenId() - 1);
        Value positions = TextEmbeddings.positionsPastPadding(ids, c.padTokenId());
        Value x = c.embeddings().apply(roberta.sub("embeddings"), ids, types, positions);
        Value keys = Masks.padding(mask);
        PostNormLayer layer = c.layer();
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            x = layer.apply(roberta.sub("encoder.layer", i), x, keys);
        }
        Value states = x;
        double dropout = c.classifierDropout();
        return switch (head) {
            case BASE -> TextHeads.statesAndPooler(roberta, "pooler.dense", states);
            case SEQUENCE_CLASSIFICATION ->
                TextHeads.denseClassifier(
                        scope.sub("classifier"), states.select(1, 0), Function.TANH, dropout, c.labels());
            case TOKEN_CLASSIFICATION -> TextHeads.classifier(scope, states, dropout, c.labels());
            case QUESTION_ANSWERING -> TextHeads.answers(scope, "qa_outputs", states);
            case MASKED_LM -> predictions(scope.sub("lm_head"), roberta, c, states);
            default -> throw new TailorException("roberta has no head " + head);
        };
    }

    private static Map<String, Value> predictions(Scope lm, Scope roberta, Config c, Value states) {
        Value x = lm.linear("dense", states, c.hiddenSize()).apply(Function.GELU);
        Value table = roberta.matrix("embeddings.word_embeddings", c.vocabSize(), c.hiddenSize());
        x = lm.layerNorm("layer_norm", x, c.layerNormEps());
        return TextHeads.words(lm, "decoder", "bias", x, table, c.tieWordEmbeddings());
    }
}
