package dev.tailor.zoo.text;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.Masks;
import dev.tailor.zoo.nn.MultiHead;
import dev.tailor.zoo.nn.PostNormLayer;
import dev.tailor.zoo.nn.RelativePositions;
import dev.tailor.zoo.nn.TextEmbeddings;
import dev.tailor.zoo.nn.TextHeads;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * DeBERTa v2 and v3 (He et al. 2020 and 2021, arXiv 2006.03654 and 2111.09543), after transformers' {@code
 * modeling_deberta_v2.py}.
 */
public final class DebertaV2 {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "deberta-v2", "DebertaV2", Config::new, DebertaV2::build)
            .prefix("deberta")
            .heads(Head.SEQUENCE_CLASSIFICATION, Head.TOKEN_CLASSIFICATION, Head.QUESTION_ANSWERING, Head.MASKED_LM)
            .headKeys("pooler", "classifier", "qa_outputs")
            .ignorable(
                    "embeddings.position_embeddings",
                    "encoder.LayerNorm",
                    "mask_predictions",
                    "lm_predictions",
                    "pooler")
            .adapterTargets("query_proj", "value_proj");

    private DebertaV2() {}

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
            boolean relativeAttention,
            long maxRelativePositions,
            long positionBuckets,
            boolean positionBiasedInput,
            List<String> posAttType,
            boolean shareAttKey,
            boolean normRelEbd,
            long convKernelSize,
            long convGroups,
            String convAct,
            double poolerDropout,
            String poolerHiddenAct,
            double clsDropout,
            boolean legacy,
            boolean tieWordEmbeddings,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("vocab_size", 128100),
                    json.width("embedding_size", json.width("hidden_size", 1536)),
                    json.width("hidden_size", 1536),
                    json.layers("num_hidden_layers", 24),
                    json.width("num_attention_heads", 24),
                    json.width("intermediate_size", 6144),
                    json.text("hidden_act", "gelu"),
                    json.number("hidden_dropout_prob", 0.1),
                    json.number("attention_probs_dropout_prob", 0.1),
                    json.width("max_position_embeddings", 512),
                    Math.max(0, json.integer("type_vocab_size", 0)),
                    json.number("initializer_range", 0.02),
                    json.number("layer_norm_eps", 1e-7),
                    json.flag("relative_attention", false),
                    json.integer("max_relative_positions", -1) < 1
                            ? json.width("max_position_embeddings", 512)
                            : json.count("max_relative_positions", 1, FARTHEST),
                    json.integer("position_buckets", -1) < 1 ? 0 : json.count("position_buckets", 1, FARTHEST),
                    json.flag("position_biased_input", true),
                    parts(json, "pos_att_type"),
                    json.flag("share_att_key", false),
                    parts(json, "norm_rel_ebd").contains("layer_norm"),
                    Math.max(0, json.integer("conv_kernel_size", 0)),
                    json.width("conv_groups", 1),
                    json.text("conv_act", "tanh"),
                    json.number("pooler_dropout", 0),
                    json.text("pooler_hidden_act", "gelu"),
                    json.number("cls_dropout", json.number("hidden_dropout_prob", 0.1)),
                    json.flag("legacy", true),
                    json.flag("tie_word_embeddings", true),
                    json.labelCount());
            if (convKernelSize > 0 && convKernelSize % 2 == 0) {
                throw new TailorException(json.source()
                        + ": conv_kernel_size must be odd for the text to keep its length, found " + convKernelSize);
            }
        }

        /** A list, or texts with bars between. */
        private static List<String> parts(ModelConfig json, String key) {
            return json.isList(key)
                    ? json.texts(key)
                    : Stream.of(json.text(key, "").toLowerCase(Locale.ROOT).split("\\|"))
                            .map(String::strip)
                            .toList();
        }

        /** How many relative positions there are in each direction. */
        long span() {
            return positionBuckets > 0 ? positionBuckets : maxRelativePositions;
        }

        /** Over how many terms a score is spread. */
        int terms() {
            return 1 + (posAttType.contains("c2p") ? 1 : 0) + (posAttType.contains("p2c") ? 1 : 0);
        }

        PostNormLayer layer() {
            PostNormLayer.Dropouts dropouts = PostNormLayer.Dropouts.of(attentionProbsDropoutProb, hiddenDropoutProb);
            return new PostNormLayer(
                    PostNormLayer.Names.BERT, numAttentionHeads, intermediateSize, hiddenAct, layerNormEps, dropouts);
        }
    }

    /** More relative positions than any model has; a config that asks for more is damaged. */
    private static final long FARTHEST = 1 << 20;

    /**
     * Relative positions.
     *
     * @param table their embeddings {@code [2 * span, width]}
     * @param index which of them stands between query and key, {@code [queries, keys]}
     */
    private record Relative(Value table, Value index) {}

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope deberta = head == Head.BASE ? scope : scope.sub("deberta");
        Value ids = scope.input("input_ids", Kind.INTEGER, "batch", "length");
        Value tokens = scope.optionalInput("attention_mask", Kind.INTEGER, "batch", "length");
        Value types = scope.optionalInput("token_type_ids", Kind.INTEGER, "batch", "length");
        scope.atMost("length", c.maxPositionEmbeddings());
        Value embedded = embeddings(deberta.sub("embeddings"), c, ids, types, tokens);
        Scope encoder = deberta.sub("encoder");
        Relative relative = c.relativeAttention() ? relative(encoder, c, ids.size(1)) : null;
        Value keys = Masks.padding(tokens);
        // Padding asks nothing either: it sees all alike.
        Value mask = keys == null ? null : Masks.both(keys, keys.transpose(2, 3));
        Value x = embedded;
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            x = layer(encoder.sub("layer", i), c, x, relative, mask);
            if (i == 0 && c.convKernelSize() > 0) {
                x = convolution(encoder.sub("conv"), c, embedded, x, tokens);
            }
        }
        return head(scope, deberta, c, head, x);
    }

    private static Map<String, Value> head(Scope scope, Scope deberta, Config c, Head head, Value states) {
        return switch (head) {
            case BASE -> TextHeads.states(states, null);
            case SEQUENCE_CLASSIFICATION -> {
                Value first = scope.features(states.select(1, 0));
                Value dense = scope.linear("pooler.dense", scope.dropout(first, c.poolerDropout()), c.hiddenSize());
                Value pooled = Activation.apply(c.poolerHiddenAct(), dense);
                yield TextHeads.classifier(scope, pooled, c.clsDropout(), c.labels());
            }
            case TOKEN_CLASSIFICATION -> TextHeads.classifier(scope, states, c.hiddenDropoutProb(), c.labels());
            case QUESTION_ANSWERING -> TextHeads.answers(scope, "qa_outputs", states);
            case MASKED_LM -> predictions(scope, deberta, c, states);
            default -> throw new TailorException("deberta-v2 has no head " + head);
        };
    }

    private static Map<String, Value> predictions(Scope scope, Scope deberta, Config c, Value states) {
        Value table = deberta.matrix("embeddings.word_embeddings", c.vocabSize(), c.embeddingSize());
        Scope newer = scope.sub("lm_predictions.lm_head");
        Scope older = scope.sub("cls.predictions");
        // The models of the paper have the newer head while their configs are silent.
        if (!c.legacy() || (newer.has("bias") && !older.has("bias") && !older.has("decoder.bias"))) {
            Value dense = Activation.apply(c.hiddenAct(), newer.linear("dense", states, c.hiddenSize()));
            Value normal = newer.layerNorm("LayerNorm", dense, c.layerNormEps());
            return TextHeads.words(newer, "decoder", "bias", normal, table, true);
        }
        Value dense = Activation.apply(c.hiddenAct(), older.linear("transform.dense", states, c.embeddingSize()));
        Value normal = older.layerNorm("transform.LayerNorm", dense, c.layerNormEps());
        return TextHeads.words(older, "decoder", "bias", normal, table, c.tieWordEmbeddings());
    }

    private static Value embeddings(Scope scope, Config c, Value ids, @Nullable Value types, @Nullable Value tokens) {
        long positions = c.positionBiasedInput() ? c.maxPositionEmbeddings() : 0;
        TextEmbeddings embeddings = new TextEmbeddings(
                c.vocabSize(),
                c.embeddingSize(),
                positions,
                c.typeVocabSize(),
                c.layerNormEps(),
                c.hiddenDropoutProb());
        Value sum = embeddings.sum(scope, ids, types);
        if (c.embeddingSize() != c.hiddenSize()) {
            sum = scope.linear("embed_proj", sum, c.hiddenSize(), false);
        }
        Value normal = scope.layerNorm("LayerNorm", sum, c.layerNormEps());
        return scope.dropout(withoutPadding(normal, tokens), c.hiddenDropoutProb());
    }

    private static Value withoutPadding(Value x, @Nullable Value tokens) {
        return tokens == null ? x : x.mul(tokens.cast(Kind.FLOAT).unsqueeze(-1));
    }

    private static Relative relative(Scope encoder, Config c, Size length) {
        long span = c.span();
        Value table = encoder.matrix("rel_embeddings", 2 * span, c.hiddenSize());
        if (c.normRelEbd()) {
            table = encoder.layerNorm("LayerNorm", table, c.layerNormEps());
        }
        if (c.positionBuckets() == 0) {
            Value index = RelativePositions.index(encoder, length, length, span);
            return new Relative(table, index.scalar(Function.MINIMUM, 2.0 * span - 1));
        }
        ArrayDeque<Long> buckets = new ArrayDeque<>(List.of(span));
        long farthest = 0;
        for (long bucket = 0; bucket < span && farthest < Math.min(c.maxPositionEmbeddings(), FARTHEST); farthest++) {
            bucket = RelativePositions.signedBucket(farthest + 1, c.positionBuckets(), c.maxRelativePositions());
            buckets.addLast(Math.max(0, Math.min(span + bucket, 2 * span - 1)));
            buckets.addFirst(Math.max(0, Math.min(span - bucket, 2 * span - 1)));
        }
        Value distances = RelativePositions.index(encoder, length, length, farthest);
        Value index = encoder.integers(List.copyOf(buckets)).gather(0, distances.flatten(0));
        return new Relative(table, index.reshape(length, length));
    }

    private static Value layer(Scope scope, Config c, Value x, @Nullable Relative relative, @Nullable Value mask) {
        Scope at = scope.sub("attention.self");
        long heads = c.numAttentionHeads();
        Value query = MultiHead.split(at.linear("query_proj", x, c.hiddenSize()), heads);
        Value key = MultiHead.split(at.linear("key_proj", x, c.hiddenSize()), heads);
        Value value = MultiHead.split(at.linear("value_proj", x, c.hiddenSize()), heads);
        double scale = 1 / Math.sqrt((double) c.hiddenSize() / heads * c.terms());
        Value scores = relative == null
                ? at.number(0)
                : relativeScores(at, c, query, key, relative).mul(scale);
        boolean plain = relative == null && mask == null;
        Value bias = plain ? null : Masks.bias(at, scores, mask);
        Value found = at.attention(query, key, value, bias, c.attentionProbsDropoutProb(), scale);
        PostNormLayer layer = c.layer();
        return layer.feedForward(scope, layer.attended(scope, MultiHead.join(found), x));
    }

    /** Content against position and position against content; without either the scores are zero. */
    private static Value relativeScores(Scope at, Config c, Value query, Value key, Relative relative) {
        Value table = at.dropout(relative.table(), c.hiddenDropoutProb()).unsqueeze(0);
        Value index = relative.index();
        Value scores = at.number(0);
        if (c.posAttType().contains("c2p")) {
            Value positions = at.linear(c.shareAttKey() ? "key_proj" : "pos_key_proj", table, c.hiddenSize());
            scores = scores.add(against(query, positions, index));
        }
        if (c.posAttType().contains("p2c")) {
            Value positions = at.linear(c.shareAttKey() ? "query_proj" : "pos_query_proj", table, c.hiddenSize());
            // A key sees the query where the query sees the key, from the other side.
            scores = scores.add(against(key, positions, index.transpose(0, 1)).transpose(2, 3));
        }
        return scores;
    }

    /** Each content against the position that the index names, {@code [batch, heads, contents, others]}. */
    private static Value against(Value content, Value positions, Value index) {
        long heads = content.size(1).constant();
        Value all = content.matmul(MultiHead.split(positions, heads).transpose(2, 3));
        return all.gather(-1, index.expand(content.size(0), heads, index.size(0), index.size(1)));
    }

    /** Neighbours of the embeddings, added to what the first layer gave. */
    private static Value convolution(Scope scope, Config c, Value embedded, Value states, @Nullable Value tokens) {
        long kernel = c.convKernelSize();
        Value channels = embedded.transpose(1, 2);
        Value near = scope.conv1d("conv", channels, c.hiddenSize(), kernel, 1, (kernel - 1) / 2, c.convGroups());
        Value dropped = scope.dropout(withoutPadding(near.transpose(1, 2), tokens), c.hiddenDropoutProb());
        Value sum = states.add(Activation.apply(c.convAct(), dropped));
        return withoutPadding(scope.layerNorm("LayerNorm", sum, c.layerNormEps()), tokens);
    }
}
