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

/** DistilBERT (Sanh et al. 2019, arXiv 1910.01108), after transformers' {@code modeling_distilbert.py}. */
public final class DistilBert {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "distilbert", "DistilBert", Config::new, DistilBert::build)
            .prefix("distilbert")
            .heads(Head.SEQUENCE_CLASSIFICATION, Head.TOKEN_CLASSIFICATION, Head.QUESTION_ANSWERING, Head.MASKED_LM)
            .headKeys("pre_classifier", "classifier", "qa_outputs")
            .adapterTargets("q_lin", "v_lin");

    private static final double EPSILON = 1e-12;

    private static final PostNormLayer.Names NAMES = new PostNormLayer.Names(
            "attention",
            new MultiHead.Names("q_lin", "k_lin", "v_lin"),
            "attention.out_lin",
            "sa_layer_norm",
            "ffn.lin1",
            "ffn.lin2",
            "output_layer_norm");

    private DistilBert() {}

    /** The keys of {@code config.json}; some writers use the other families' names for the sizes. */
    record Config(
            long vocabSize,
            long maxPositionEmbeddings,
            long nLayers,
            long nHeads,
            long dim,
            long hiddenDim,
            double dropout,
            double attentionDropout,
            String activation,
            double initializerRange,
            double qaDropout,
            double seqClassifDropout,
            boolean tieWordEmbeddings,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("vocab_size", 30522),
                    json.width("max_position_embeddings", 512),
                    json.layers("n_layers", json.layers("num_hidden_layers", 6)),
                    json.width("n_heads", json.width("num_attention_heads", 12)),
                    json.width("dim", json.width("hidden_size", 768)),
                    json.width("hidden_dim", 4 * 768),
                    json.number("dropout", 0.1),
                    json.number("attention_dropout", 0.1),
                    json.text("activation", "gelu"),
                    json.number("initializer_range", 0.02),
                    json.number("qa_dropout", 0.1),
                    json.number("seq_classif_dropout", 0.2),
                    json.flag("tie_word_embeddings", true),
                    json.labelCount());
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope bert = head == Head.BASE ? scope : scope.sub("distilbert");
        Value ids = scope.input("input_ids", Kind.INTEGER, "batch", "length");
        Value mask = Masks.padding(scope.optionalInput("attention_mask", Kind.INTEGER, "batch", "length"));
        scope.atMost("length", c.maxPositionEmbeddings());
        // Sinusoidal positions are stored as a table like any other.
        TextEmbeddings embeddings =
                new TextEmbeddings(c.vocabSize(), c.dim(), c.maxPositionEmbeddings(), 0, EPSILON, c.dropout());
        PostNormLayer.Dropouts dropouts = new PostNormLayer.Dropouts(c.attentionDropout(), 0, 0, c.dropout());
        PostNormLayer layer = new PostNormLayer(NAMES, c.nHeads(), c.hiddenDim(), c.activation(), EPSILON, dropouts);
        Value x = embeddings.apply(bert.sub("embeddings"), ids, null);
        for (int i = 0; i < c.nLayers(); i++) {
            x = layer.apply(bert.sub("transformer.layer", i), x, mask);
        }
        return switch (head) {
            case BASE -> TextHeads.states(x, null);
            case SEQUENCE_CLASSIFICATION -> {
                Value first = scope.features(x.select(1, 0));
                Value dense = scope.linear("pre_classifier", first, c.dim()).relu();
                yield TextHeads.classifier(scope, dense, c.seqClassifDropout(), c.labels());
            }
            case TOKEN_CLASSIFICATION -> TextHeads.classifier(scope, x, c.dropout(), c.labels());
            case QUESTION_ANSWERING -> TextHeads.answers(scope, "qa_outputs", scope.dropout(x, c.qaDropout()));
            case MASKED_LM -> {
                Value dense = Activation.apply(c.activation(), scope.linear("vocab_transform", x, c.dim()));
                Value normal = scope.layerNorm("vocab_layer_norm", dense, EPSILON);
                Value table = bert.matrix("embeddings.word_embeddings", c.vocabSize(), c.dim());
                yield TextHeads.words(
                        scope, "vocab_projector", "vocab_projector.bias", normal, table, c.tieWordEmbeddings());
            }
            default -> throw new TailorException("distilbert has no head " + head);
        };
    }
}
