package dev.tailor.zoo.text;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op.Unary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Masks;
import dev.tailor.zoo.nn.MultiHead;
import dev.tailor.zoo.nn.PostNormLayer;
import dev.tailor.zoo.nn.RelativePositions;
import dev.tailor.zoo.nn.TextEmbeddings;
import dev.tailor.zoo.nn.TextHeads;
import java.util.Map;
import java.util.stream.LongStream;

/** MPNet (Song et al. 2020, arXiv 2004.09297), after transformers' {@code modeling_mpnet.py}. */
public final class MpNet {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("mpnet", "MPNet", Config::new, MpNet::build)
            .prefix("mpnet")
            .heads(Head.SEQUENCE_CLASSIFICATION, Head.TOKEN_CLASSIFICATION, Head.QUESTION_ANSWERING, Head.MASKED_LM)
            .headKeys("classifier", "qa_outputs")
            .ignorable("pooler")
            .adapterTargets("q", "v");

    private static final PostNormLayer.Names NAMES = new PostNormLayer.Names(
            "attention.attn",
            new MultiHead.Names("q", "k", "v"),
            "attention.attn.o",
            "attention.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    /** The reference fixes the padding, the buckets and the greatest distance, whatever the config says. */
    private static final int PADDING = 1;

    private static final int BUCKETS = 32;
    private static final int MOST_DISTANCE = 128;

    private MpNet() {}

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
            double initializerRange,
            double layerNormEps,
            long relativeAttentionNumBuckets,
            boolean tieWordEmbeddings,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("vocab_size", 30527),
                    json.width("hidden_size", 768),
                    json.layers("num_hidden_layers", 12),
                    json.width("num_attention_heads", 12),
                    json.width("intermediate_size", 3072),
                    json.text("hidden_act", "gelu"),
                    json.number("hidden_dropout_prob", 0.1),
                    json.number("attention_probs_dropout_prob", 0.1),
                    json.width("max_position_embeddings", 512),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-12),
                    json.width("relative_attention_num_buckets", BUCKETS),
                    json.flag("tie_word_embeddings", true),
                    json.labelCount());
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope mpnet = head == Head.BASE ? scope : scope.sub("mpnet");
        Value ids = scope.input("input_ids", Kind.INTEGER, "batch", "length");
        Value padding = Masks.padding(scope.optionalInput("attention_mask", Kind.INTEGER, "batch", "length"));
        scope.atMost("length", c.maxPositionEmbeddings() - PADDING - 1);
        TextEmbeddings embeddings = new TextEmbeddings(
                c.vocabSize(), c.hiddenSize(), c.maxPositionEmbeddings(), 0, c.layerNormEps(), c.hiddenDropoutProb());
        PostNormLayer layer = new PostNormLayer(
                NAMES,
                c.numAttentionHeads(),
                c.intermediateSize(),
                c.hiddenAct(),
                c.layerNormEps(),
                PostNormLayer.Dropouts.of(c.attentionProbsDropoutProb(), c.hiddenDropoutProb()));
        Value x =
                embeddings.apply(mpnet.sub("embeddings"), ids, null, TextEmbeddings.positionsPastPadding(ids, PADDING));
        Value mask = Masks.bias(scope, positionBias(mpnet.sub("encoder"), c, ids.size(1)), padding);
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            x = layer.apply(mpnet.sub("encoder.layer", i), x, mask);
        }
        return switch (head) {
            case BASE -> TextHeads.statesAndPooler(mpnet, "pooler.dense", x);
            case SEQUENCE_CLASSIFICATION ->
                TextHeads.denseClassifier(
                        scope.sub("classifier"), x.select(1, 0), Function.TANH, c.hiddenDropoutProb(), c.labels());
            case TOKEN_CLASSIFICATION -> TextHeads.classifier(scope, x, c.hiddenDropoutProb(), c.labels());
            case QUESTION_ANSWERING -> TextHeads.answers(scope, "qa_outputs", x);
            case MASKED_LM -> {
                Scope lm = scope.sub("lm_head");
                Value dense = lm.linear("dense", x, c.hiddenSize()).apply(Function.GELU);
                Value normal = lm.layerNorm("layer_norm", dense, c.layerNormEps());
                Value table = mpnet.matrix("embeddings.word_embeddings", c.vocabSize(), c.hiddenSize());
                yield TextHeads.words(lm, "decoder", "bias", normal, table, c.tieWordEmbeddings());
            }
            default -> throw new TailorException("mpnet has no head " + head);
        };
    }

    /** What the distance of two tokens adds to each head's score, {@code [1, heads, length, length]}. */
    private static Value positionBias(Scope encoder, Config c, Size length) {
        Value buckets = encoder.integers(LongStream.rangeClosed(-MOST_DISTANCE, MOST_DISTANCE)
                .mapToObj(d -> RelativePositions.bucket(d, BUCKETS, MOST_DISTANCE))
                .toList());
        Value byDistance = encoder.embedding(
                "relative_attention_bias", buckets, c.relativeAttentionNumBuckets(), c.numAttentionHeads());
        Value index = RelativePositions.index(encoder, length, length, MOST_DISTANCE);
        return encoder.embedding(index, byDistance).permute(2, 0, 1).unsqueeze(0);
    }
}
