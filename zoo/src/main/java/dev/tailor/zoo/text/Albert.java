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
import dev.tailor.zoo.nn.MultiHead;
import dev.tailor.zoo.nn.PostNormLayer;
import dev.tailor.zoo.nn.TextEmbeddings;
import dev.tailor.zoo.nn.TextHeads;
import java.util.Map;

/** ALBERT (Lan et al. 2019, arXiv 1909.11942), after transformers' {@code modeling_albert.py}. */
public final class Albert {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("albert", "Albert", Config::new, Albert::build)
            .prefix("albert")
            .heads(Head.SEQUENCE_CLASSIFICATION, Head.TOKEN_CLASSIFICATION, Head.QUESTION_ANSWERING, Head.MASKED_LM)
            .headKeys("classifier", "qa_outputs", "albert.pooler")
            .ignorable("pooler", "sop_classifier")
            .adapterTargets("query", "value");

    private static final PostNormLayer.Names NAMES = new PostNormLayer.Names(
            "attention",
            MultiHead.Names.PLAIN,
            "attention.dense",
            "attention.LayerNorm",
            "ffn",
            "ffn_output",
            "full_layer_layer_norm");

    private Albert() {}

    /** The keys of {@code config.json}. */
    record Config(
            long vocabSize,
            long embeddingSize,
            long hiddenSize,
            long numHiddenLayers,
            long numHiddenGroups,
            long numAttentionHeads,
            long intermediateSize,
            long innerGroupNum,
            String hiddenAct,
            double hiddenDropoutProb,
            double attentionProbsDropoutProb,
            long maxPositionEmbeddings,
            long typeVocabSize,
            double initializerRange,
            double layerNormEps,
            double classifierDropoutProb,
            boolean tieWordEmbeddings,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("vocab_size", 30000),
                    json.width("embedding_size", 128),
                    json.width("hidden_size", 4096),
                    json.layers("num_hidden_layers", 12),
                    json.layers("num_hidden_groups", 1),
                    json.width("num_attention_heads", 64),
                    json.width("intermediate_size", 16384),
                    json.layers("inner_group_num", 1),
                    json.text("hidden_act", "gelu_new"),
                    json.number("hidden_dropout_prob", 0),
                    json.number("attention_probs_dropout_prob", 0),
                    json.width("max_position_embeddings", 512),
                    json.width("type_vocab_size", 2),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-12),
                    json.number("classifier_dropout_prob", 0.1),
                    json.flag("tie_word_embeddings", true),
                    json.labelCount());
            json.oneOf("position_embedding_type", "absolute", "absolute");
        }

        TextEmbeddings embeddings() {
            return new TextEmbeddings(
                    vocabSize, embeddingSize, maxPositionEmbeddings, typeVocabSize, layerNormEps, hiddenDropoutProb);
        }

        PostNormLayer layer() {
            PostNormLayer.Dropouts dropouts =
                    new PostNormLayer.Dropouts(attentionProbsDropoutProb, hiddenDropoutProb, 0, 0);
            return new PostNormLayer(NAMES, numAttentionHeads, intermediateSize, hiddenAct, layerNormEps, dropouts);
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope albert = head == Head.BASE ? scope : scope.sub("albert");
        Value ids = scope.input("input_ids", Kind.INTEGER, "batch", "length");
        Value mask = Masks.padding(scope.optionalInput("attention_mask", Kind.INTEGER, "batch", "length"));
        Value types = scope.optionalInput("token_type_ids", Kind.INTEGER, "batch", "length");
        scope.atMost("length", c.maxPositionEmbeddings());
        Value x = c.embeddings().apply(albert.sub("embeddings"), ids, types);
        x = albert.linear("encoder.embedding_hidden_mapping_in", x, c.hiddenSize());
        PostNormLayer layer = c.layer();
        for (long i = 0; i < c.numHiddenLayers(); i++) {
            // Layers of a group share their weights.
            long group = i * c.numHiddenGroups() / c.numHiddenLayers();
            for (int inner = 0; inner < c.innerGroupNum(); inner++) {
                x = layer.apply(albert.sub("encoder.albert_layer_groups", group, "albert_layers", inner), x, mask);
            }
        }
        return switch (head) {
            case BASE -> TextHeads.statesAndPooler(albert, "pooler", x);
            case SEQUENCE_CLASSIFICATION -> {
                Value pooled = scope.features(TextHeads.pooler(albert, "pooler", x));
                yield TextHeads.classifier(scope, pooled, c.classifierDropoutProb(), c.labels());
            }
            case TOKEN_CLASSIFICATION -> TextHeads.classifier(scope, x, c.classifierDropoutProb(), c.labels());
            case QUESTION_ANSWERING -> TextHeads.answers(scope, "qa_outputs", x);
            case MASKED_LM -> {
                Scope lm = scope.sub("predictions");
                Value dense = Activation.apply(c.hiddenAct(), lm.linear("dense", x, c.embeddingSize()));
                Value normal = lm.layerNorm("LayerNorm", dense, c.layerNormEps());
                Value table = albert.matrix("embeddings.word_embeddings", c.vocabSize(), c.embeddingSize());
                yield TextHeads.words(lm, "decoder", "bias", normal, table, c.tieWordEmbeddings());
            }
            default -> throw new TailorException("albert has no head " + head);
        };
    }
}
