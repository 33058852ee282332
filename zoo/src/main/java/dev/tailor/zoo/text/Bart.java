package dev.tailor.zoo.text;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Masks;
import dev.tailor.zoo.nn.MultiHead;
import dev.tailor.zoo.nn.PostNormLayer;
import dev.tailor.zoo.nn.RelativePositions;
import dev.tailor.zoo.nn.TextHeads;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** BART (Lewis et al. 2019, arXiv 1910.13461), after transformers' {@code modeling_bart.py}. */
public final class Bart {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("bart", "Bart", Config::new, Bart::build)
            .prefix("model")
            .heads(Head.SEQUENCE_CLASSIFICATION, Head.QUESTION_ANSWERING, Head.CONDITIONAL_GENERATION)
            .headKeys("classification_head", "qa_outputs")
            .ignorable("encoder.version", "decoder.version", "final_logits_bias", "lm_head")
            .adapterTargets("q_proj", "v_proj");

    /** Where the first position stands in the table: before it are two rows that padding had once. */
    private static final long OFFSET = 2;

    private static final double EPSILON = 1e-5;
    private static final MultiHead.Names PROJECTIONS = new MultiHead.Names("q_proj", "k_proj", "v_proj");

    private Bart() {}

    /** One of the two stacks. */
    record Stack(long layers, long inner, long heads) {}

    /** The keys of {@code config.json}; {@code labels} are three where it names none. */
    record Config(
            long vocabSize,
            long maxPositionEmbeddings,
            Stack encoder,
            Stack decoder,
            String activationFunction,
            long dModel,
            double dropout,
            double attentionDropout,
            double activationDropout,
            double initStd,
            double classifierDropout,
            boolean scaleEmbedding,
            long eosTokenId,
            long decoderStartTokenId,
            boolean tieWordEmbeddings,
            int labels) {
        Config(ModelConfig json) {
            this(
                    json.width("vocab_size", 50265),
                    json.width("max_position_embeddings", 1024),
                    stack(json, "encoder"),
                    stack(json, "decoder"),
                    json.text("activation_function", "gelu"),
                    json.width("d_model", 1024),
                    json.number("dropout", 0.1),
                    json.number("attention_dropout", 0),
                    json.number("activation_dropout", 0),
                    json.number("init_std", 0.02),
                    json.number("classifier_dropout", 0),
                    json.flag("scale_embedding", false),
                    json.integers("eos_token_id", List.of(2L)).get(0),
                    json.integer("decoder_start_token_id", 2),
                    json.flag("tie_word_embeddings", true),
                    json.has("id2label") || json.has("num_labels") ? json.labelCount() : 3);
        }

        private static Stack stack(ModelConfig json, String name) {
            return new Stack(
                    json.layers(name + "_layers", 12),
                    json.width(name + "_ffn_dim", 4096),
                    json.width(name + "_attention_heads", 16));
        }

        /** A layer of a stack whose attention has this name. */
        PostNormLayer layer(Stack stack, String attention) {
            PostNormLayer.Names names = new PostNormLayer.Names(
                    attention,
                    PROJECTIONS,
                    attention + ".out_proj",
                    attention + "_layer_norm",
                    "fc1",
                    "fc2",
                    "final_layer_norm");
            PostNormLayer.Dropouts dropouts =
                    new PostNormLayer.Dropouts(attentionDropout, dropout, activationDropout, dropout);
            return new PostNormLayer(names, stack.heads(), stack.inner(), activationFunction, EPSILON, dropouts);
        }
    }

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initStd()));
        Scope model = head == Head.BASE ? scope : scope.sub("model");
        Value ids = scope.input("input_ids", Kind.INTEGER, "batch", "length");
        Value mask = scope.optionalInput("attention_mask", Kind.INTEGER, "batch", "length");
        boolean reads = head == Head.BASE || head == Head.CONDITIONAL_GENERATION;
        // A text is classified by what the decoder makes of the text itself.
        Value given = reads ? scope.optionalInput("decoder_input_ids", Kind.INTEGER, "batch", "decoder_length") : null;
        Value givenMask =
                reads ? scope.optionalInput("decoder_attention_mask", Kind.INTEGER, "batch", "decoder_length") : null;
        scope.atMost("length", c.maxPositionEmbeddings());
        scope.atMost("decoder_length", c.maxPositionEmbeddings());
        Value keys = Masks.padding(mask);
        Value memory = encode(model.sub("encoder"), c, words(model, "encoder", c), ids, keys);
        Value targets = given == null ? shifted(scope, ids, c.decoderStartTokenId()) : given;
        Value seen = Masks.both(RelativePositions.causal(scope, targets.size(1)), Masks.padding(givenMask));
        Value states = decode(model.sub("decoder"), c, words(model, "decoder", c), targets, seen, memory, keys);
        Map<String, Value> outputs = switch (head) {
            case BASE -> TextHeads.states(states, null);
            case SEQUENCE_CLASSIFICATION ->
                TextHeads.denseClassifier(
                        scope.sub("classification_head"),
                        lastAt(scope, states, ids, c.eosTokenId()),
                        Op.Unary.Function.TANH,
                        c.classifierDropout(),
                        c.labels());
            case QUESTION_ANSWERING -> TextHeads.answers(scope, "qa_outputs", states);
            case CONDITIONAL_GENERATION -> TextHeads.logits(predictions(scope, model, c, states));
            default -> throw new TailorException("bart has no head " + head);
        };
        outputs.put("encoder_last_hidden_state", memory);
        return outputs;
    }

    private static Value encode(Scope scope, Config c, Value words, Value ids, @Nullable Value keys) {
        Value x = embeddings(scope, c, words, ids);
        PostNormLayer layer = c.layer(c.encoder(), "self_attn");
        for (int i = 0; i < c.encoder().layers(); i++) {
            x = layer.apply(scope.sub("layers", i), x, keys);
        }
        return x;
    }

    private static Value decode(
            Scope scope, Config c, Value words, Value ids, Value seen, Value memory, @Nullable Value keys) {
        Value x = embeddings(scope, c, words, ids);
        PostNormLayer layer = c.layer(c.decoder(), "self_attn");
        PostNormLayer cross = c.layer(c.decoder(), "encoder_attn");
        for (int i = 0; i < c.decoder().layers(); i++) {
            Scope at = scope.sub("layers", i);
            x = cross.attend(at, layer.attend(at, x, x, seen), memory, keys);
            x = layer.feedForward(at, x);
        }
        return x;
    }

    /** The table of a stack's words: one for all, under any of the names that writers keep, or each its own. */
    private static Value words(Scope model, String stack, Config c) {
        String own = stack + ".embed_tokens";
        if (!c.tieWordEmbeddings()) {
            model.tied("shared.weight");
            return model.matrix(own, c.vocabSize(), c.dModel());
        }
        List<String> names = List.of("shared", "encoder.embed_tokens", "decoder.embed_tokens");
        names.forEach(name -> model.tied(name + ".weight"));
        String kept = names.stream()
                .filter(name -> model.has(name + ".weight"))
                .findFirst()
                .orElse("shared");
        return model.matrix(kept, c.vocabSize(), c.dModel());
    }

    private static Value embeddings(Scope scope, Config c, Value table, Value ids) {
        Value words = scope.embedding(ids, table);
        Value scaled = c.scaleEmbedding() ? words.mul(Math.sqrt((double) c.dModel())) : words;
        Value positions = scope.matrix("embed_positions", c.maxPositionEmbeddings() + OFFSET, c.dModel())
                .slice(0, Size.of(OFFSET), ids.size(1).plus(OFFSET));
        return scope.dropout(scope.layerNorm("layernorm_embedding", scaled.add(positions), EPSILON), c.dropout());
    }

    /** The ids one place later, behind the one that starts a decoder. */
    private static Value shifted(Scope scope, Value ids, long start) {
        Value first = scope.integers(List.of(start)).expand(ids.size(0), 1);
        return first.concat(1, ids.slice(1, Size.of(0), ids.size(1).minus(1)));
    }

    /** The state at the last place of an id; the first state where it is nowhere. */
    private static Value lastAt(Scope scope, Value states, Value ids, long id) {
        Value places =
                ids.scalar(Function.EQUAL, (double) id).cast(Kind.INTEGER).mul(scope.arange(ids.size(1)));
        Value last = places.reduce(Op.Reduce.Function.MAX, true, 1).unsqueeze(-1);
        return states.gather(1, last.expand(ids.size(0), 1, states.size(2))).select(1, 0);
    }

    private static Value predictions(Scope scope, Scope model, Config c, Value states) {
        Value matrix =
                c.tieWordEmbeddings() ? words(model, "decoder", c) : scope.matrix("lm_head", c.vocabSize(), c.dModel());
        scope.tied("lm_head.weight");
        Value bias = scope.has("final_logits_bias")
                ? scope.buffer("final_logits_bias", Init.zeros(), 1, c.vocabSize())
                        .select(0, 0)
                : null;
        return scope.linear(states, matrix, bias);
    }
}
