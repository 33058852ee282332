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
import dev.tailor.zoo.nn.RelativePositions;
import dev.tailor.zoo.nn.Rotary;
import dev.tailor.zoo.nn.TextHeads;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** ModernBERT (Warner et al. 2024, arXiv 2412.13663), after transformers' {@code modeling_modernbert.py}. */
public final class ModernBert {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "modernbert", "ModernBert", Config::new, ModernBert::build)
            .prefix("model")
            .heads(Head.SEQUENCE_CLASSIFICATION, Head.TOKEN_CLASSIFICATION, Head.QUESTION_ANSWERING, Head.MASKED_LM)
            .headKeys("head", "classifier")
            .adapterTargets("Wqkv");

    private ModernBert() {}

    /**
     * The keys of {@code config.json}.
     *
     * @param globalLayers for each layer whether its tokens see the whole text
     * @param globalTurns frequencies of the rotations in such a layer
     * @param localTurns frequencies in the others
     */
    record Config(
            long vocabSize,
            long hiddenSize,
            long intermediateSize,
            long numAttentionHeads,
            String hiddenActivation,
            long maxPositionEmbeddings,
            double initializerRange,
            double normEps,
            boolean normBias,
            boolean attentionBias,
            double attentionDropout,
            List<Boolean> globalLayers,
            List<Double> globalTurns,
            List<Double> localTurns,
            long localAttention,
            double embeddingDropout,
            boolean mlpBias,
            double mlpDropout,
            boolean decoderBias,
            String classifierPooling,
            double classifierDropout,
            boolean classifierBias,
            String classifierActivation,
            boolean tieWordEmbeddings,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("vocab_size", 50368),
                    json.width("hidden_size", 768),
                    json.width("intermediate_size", 1152),
                    json.width("num_attention_heads", 12),
                    json.text("hidden_activation", "gelu"),
                    json.width("max_position_embeddings", 8192),
                    json.number("initializer_range", 0.02),
                    json.number("norm_eps", 1e-5),
                    json.flag("norm_bias", false),
                    json.flag("attention_bias", false),
                    json.number("attention_dropout", 0),
                    globalLayers(json),
                    turns(json, "full_attention", "global_rope_theta", 160_000),
                    turns(json, "sliding_attention", "local_rope_theta", 10_000),
                    json.width("local_attention", 128),
                    json.number("embedding_dropout", 0),
                    json.flag("mlp_bias", false),
                    json.number("mlp_dropout", 0),
                    json.flag("decoder_bias", true),
                    json.oneOf("classifier_pooling", "cls", "cls", "mean"),
                    json.number("classifier_dropout", 0),
                    json.flag("classifier_bias", false),
                    json.text("classifier_activation", "gelu"),
                    json.flag("tie_word_embeddings", true),
                    json.labelCount());
        }

        private static List<Boolean> globalLayers(ModelConfig json) {
            long layers = json.layers("num_hidden_layers", 22);
            if (!json.has("layer_types")) {
                long every = json.layers("global_attn_every_n_layers", 3);
                return LongStream.range(0, layers).mapToObj(i -> i % every == 0).toList();
            }
            List<String> types = json.texts("layer_types");
            if (types.size() != layers
                    || !List.of("full_attention", "sliding_attention").containsAll(types)) {
                throw new TailorException(json.source() + ": layer_types must name full_attention or sliding_attention"
                        + " for each of " + layers + " layers, found " + types);
            }
            return types.stream().map("full_attention"::equals).toList();
        }

        /** Newer writers keep theta and form in an object per kind of layer, older ones theta in a key. */
        private static List<Double> turns(ModelConfig json, String kind, String olderKey, double absent) {
            ModelConfig form = json.part("rope_parameters").part(kind);
            form.oneOf("rope_type", "default", "default");
            json.part("rope_scaling")
                    .oneOf("rope_type", json.part("rope_scaling").text("type", "default"), "default");
            double theta = form.number("rope_theta", json.number(olderKey, absent));
            long heads = json.width("num_attention_heads", 12);
            return Rotary.frequencies(theta, json.width("head_dim", json.width("hidden_size", 768) / heads));
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initializerRange()));
        Scope model = head == Head.BASE ? scope : scope.sub("model");
        Value ids = scope.input("input_ids", Kind.INTEGER, "batch", "length");
        Value tokens = scope.optionalInput("attention_mask", Kind.INTEGER, "batch", "length");
        scope.atMost("length", c.maxPositionEmbeddings());
        Value x = model.embedding("embeddings.tok_embeddings", ids, c.vocabSize(), c.hiddenSize());
        x = scope.dropout(norm(model, "embeddings.norm", c, x), c.embeddingDropout());
        Value all = Masks.padding(tokens);
        Value near = Masks.both(RelativePositions.within(scope, ids.size(1), c.localAttention() / 2), all);
        Rotary global = Rotary.of(scope, ids.size(1), c.globalTurns());
        Rotary local = Rotary.of(scope, ids.size(1), c.localTurns());
        for (int i = 0; i < c.globalLayers().size(); i++) {
            boolean wide = c.globalLayers().get(i);
            x = layer(model.sub("layers", i), c, i, x, wide ? global : local, wide ? all : near);
        }
        Value states = norm(model, "final_norm", c, x);
        double dropout = c.classifierDropout();
        return switch (head) {
            case BASE -> TextHeads.states(states, null);
            case SEQUENCE_CLASSIFICATION -> {
                boolean mean = c.classifierPooling().equals("mean");
                Value pooled = scope.features(mean ? Masks.mean(states, tokens) : states.select(1, 0));
                yield TextHeads.classifier(scope, prediction(scope, c, pooled), dropout, c.labels());
            }
            case TOKEN_CLASSIFICATION -> TextHeads.classifier(scope, prediction(scope, c, states), dropout, c.labels());
            case QUESTION_ANSWERING ->
                TextHeads.answers(scope, "classifier", scope.dropout(prediction(scope, c, states), dropout));
            case MASKED_LM -> {
                Value table = model.matrix("embeddings.tok_embeddings", c.vocabSize(), c.hiddenSize());
                Value prediction = prediction(scope, c, states);
                String bias = c.decoderBias() ? "decoder.bias" : "";
                yield TextHeads.words(scope, "decoder", bias, prediction, table, c.tieWordEmbeddings());
            }
            default -> throw new TailorException("modernbert has no head " + head);
        };
    }

    private static Value layer(Scope scope, Config c, int index, Value x, Rotary rotary, @Nullable Value mask) {
        // The embeddings are normalised already.
        Value normal = index == 0 ? x : norm(scope, "attn_norm", c, x);
        Value attended = x.add(attention(scope.sub("attn"), c, normal, rotary, mask));
        Scope mlp = scope.sub("mlp");
        Value inner = norm(scope, "mlp_norm", c, attended);
        List<Value> parts =
                mlp.linear("Wi", inner, 2 * c.intermediateSize(), c.mlpBias()).chunk(-1, 2);
        Value gated = Activation.apply(c.hiddenActivation(), parts.get(0)).mul(parts.get(1));
        Value out = mlp.linear("Wo", scope.dropout(gated, c.mlpDropout()), c.hiddenSize(), c.mlpBias());
        return attended.add(out);
    }

    private static Value attention(Scope scope, Config c, Value x, Rotary rotary, @Nullable Value mask) {
        List<Value> parts =
                scope.linear("Wqkv", x, 3 * c.hiddenSize(), c.attentionBias()).chunk(-1, 3);
        Value query = rotary.apply(MultiHead.split(parts.get(0), c.numAttentionHeads()));
        Value key = rotary.apply(MultiHead.split(parts.get(1), c.numAttentionHeads()));
        Value value = MultiHead.split(parts.get(2), c.numAttentionHeads());
        Value found = MultiHead.join(scope.attention(query, key, value, mask, c.attentionDropout()));
        return scope.dropout(scope.linear("Wo", found, c.hiddenSize(), c.attentionBias()), c.attentionDropout());
    }

    private static Value prediction(Scope scope, Config c, Value x) {
        Value dense = scope.linear("head.dense", x, c.hiddenSize(), c.classifierBias());
        return norm(scope, "head.norm", c, Activation.apply(c.classifierActivation(), dense));
    }

    private static Value norm(Scope scope, String name, Config c, Value x) {
        return scope.layerNorm(name, x, c.normEps(), c.normBias());
    }
}
