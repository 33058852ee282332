package dev.tailor.zoo.vision;

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
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.MultiHead;
import dev.tailor.zoo.nn.PredictionHead;
import dev.tailor.zoo.nn.SinePositions;
import dev.tailor.zoo.nn.Tokens;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * DETR, a transformer that turns queries into boxes (Carion et al. 2020, arXiv 2005.12872), after transformers' {@code
 * modeling_detr.py}. An optional {@code pixel_mask} tells pictures from what pads them to one size.
 */
public final class Detr {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of("detr", "Detr", Config::new, Detr::build)
            .prefix("model")
            .heads(Head.OBJECT_DETECTION)
            .headKeys("class_labels_classifier", "bbox_predictor");

    private static final double EPSILON = 1e-5;
    /** The rows of a learned table of positions. */
    private static final long LEARNED = 50;

    private Detr() {}

    /** The keys of {@code config.json}. */
    record Config(
            DetrBackbone backbone,
            long numChannels,
            long width,
            long numQueries,
            long encoderLayers,
            long encoderHeads,
            long encoderInner,
            long decoderLayers,
            long decoderHeads,
            long decoderInner,
            String activation,
            double dropout,
            double attentionDropout,
            double activationDropout,
            double initStd,
            boolean auxiliaryLoss,
            boolean learnedPositions,
            int labels) {
        Config(ModelConfig json) {
            this(
                    DetrBackbone.of(json),
                    json.object("backbone_config").width("num_channels", json.width("num_channels", 3)),
                    json.width("d_model", 256),
                    json.width("num_queries", 100),
                    json.layers("encoder_layers", 6),
                    json.width("encoder_attention_heads", 8),
                    json.width("encoder_ffn_dim", 2048),
                    json.layers("decoder_layers", 6),
                    json.width("decoder_attention_heads", 8),
                    json.width("decoder_ffn_dim", 2048),
                    json.text("activation_function", "relu"),
                    json.number("dropout", 0.1),
                    json.number("attention_dropout", 0),
                    json.number("activation_dropout", 0),
                    json.number("init_std", 0.02),
                    json.flag("auxiliary_loss", false),
                    json.text("position_embedding_type", "sine").equals("learned"),
                    json.labelCount());
            String type = json.text("position_embedding_type", "sine");
            if (!learnedPositions && !type.equals("sine")) {
                throw new TailorException(json.source()
                        + ": position_embedding_type must be \"sine\" or \"learned\", found \"" + type + "\"");
            }
        }
    }

    /** What attention may see and what tells its positions apart. */
    private record Memory(
            Value states, Value positions, @Nullable Value mask) {}

    static Map<String, Value> build(Scope root, Config c, Head head) {
        Scope scope = root.initializer(new Init.Normal(c.initStd()));
        Scope net = head == Head.BASE ? scope : scope.sub("model");
        Value pixels = scope.input("pixel_values", Kind.FLOAT, "batch", c.numChannels(), "height", "width");
        @Nullable Value pixelMask = scope.optionalInput("pixel_mask", Kind.INTEGER, "batch", "height", "width");
        Value map = c.backbone().apply(net.sub("backbone.conv_encoder.model"), pixels);
        Size rows = map.size(2);
        Size columns = map.size(3);
        @Nullable Value mask = pixelMask == null ? null : shrunk(pixelMask, rows, columns);
        Value positions = c.learnedPositions()
                ? learned(net.sub("position_embedding"), c, rows, columns)
                : SinePositions.of(scope, mask, rows, columns, c.width());
        @Nullable Value seen = mask == null ? null : mask.reshape(map.size(0), 1, 1, rows.times(columns));
        Value x = Tokens.of(net.conv2d("input_projection", map, c.width(), 1, 1, 0, true));
        x = scope.dropout(x, c.dropout());
        for (int i = 0; i < c.encoderLayers(); i++) {
            Scope at = net.sub("encoder.layers", i);
            Memory self = new Memory(x, positions, seen);
            x = attend(at, "self_attn", c, x, positions, self, c.encoderHeads());
            x = feedForward(at, c, x, c.encoderInner());
        }
        Map<String, Value> outputs = new LinkedHashMap<>();
        Value states = decoder(net, c, new Memory(x, positions, seen), outputs);
        if (head == Head.OBJECT_DETECTION) {
            outputs.clear();
            // One label more, for no object.
            outputs.put("logits", scope.linear("class_labels_classifier", states, c.labels() + 1));
            Value boxes = PredictionHead.apply(scope.sub("bbox_predictor"), states, 4);
            outputs.put("pred_boxes", boxes.apply(Op.Unary.Function.SIGMOID));
        }
        outputs.put("last_hidden_state", states);
        outputs.put("encoder_last_hidden_state", x);
        return outputs;
    }

    private static Value decoder(Scope net, Config c, Memory memory, Map<String, Value> outputs) {
        Size batch = memory.states().size(0);
        Value queries = net.weight("query_position_embeddings.weight", new Init.Normal(1), c.numQueries(), c.width())
                .unsqueeze(0);
        Value x = net.full(0, batch, c.numQueries(), c.width());
        for (int i = 0; i < c.decoderLayers(); i++) {
            Scope at = net.sub("decoder.layers", i);
            x = attend(at, "self_attn", c, x, queries, new Memory(x, queries, null), c.decoderHeads());
            x = attend(at, "encoder_attn", c, x, queries, memory, c.decoderHeads());
            x = feedForward(at, c, x, c.decoderInner());
            if (c.auxiliaryLoss()) {
                // The reference normalises what the next layer reads as well.
                x = net.layerNorm("decoder.layernorm", x, EPSILON);
                Value one = x.unsqueeze(0);
                outputs.merge("intermediate_hidden_states", one, (all, next) -> all.concat(0, next));
            }
        }
        return net.layerNorm("decoder.layernorm", x, EPSILON);
    }

    /** Attention whose queries and keys know their positions, added to the states and normalised. */
    private static Value attend(
            Scope scope, String name, Config c, Value x, Value positions, Memory memory, long heads) {
        Scope at = scope.sub(name);
        Value query = at.linear("q_proj", x.add(positions), c.width());
        Value key = at.linear("k_proj", memory.states().add(memory.positions()), c.width());
        Value value = at.linear("v_proj", memory.states(), c.width());
        Value attended = at.attention(
                MultiHead.split(query, heads),
                MultiHead.split(key, heads),
                MultiHead.split(value, heads),
                memory.mask(),
                c.attentionDropout());
        Value out = at.linear("out_proj", MultiHead.join(attended), c.width());
        return scope.layerNorm(name + "_layer_norm", x.add(scope.dropout(out, c.dropout())), EPSILON);
    }

    private static Value feedForward(Scope scope, Config c, Value x, long inner) {
        Value y = Activation.apply(c.activation(), scope.linear("fc1", x, inner));
        y = scope.linear("fc2", scope.dropout(y, c.activationDropout()), c.width());
        return scope.layerNorm("final_layer_norm", x.add(scope.dropout(y, c.dropout())), EPSILON);
    }

    /** The mask of pixels at the places of a smaller map, {@code [batch, rows, columns]}. */
    private static Value shrunk(Value mask, Size rows, Size columns) {
        return mask.cast(Kind.FLOAT)
                .unsqueeze(1)
                .resize2d(new Op.Resize2d(Op.Resize2d.Mode.NEAREST, rows, columns, false))
                .scalar(Function.NOT_EQUAL, 0)
                .reshape(mask.size(0), rows, columns);
    }

    private static Value learned(Scope scope, Config c, Size rows, Size columns) {
        long half = c.width() / 2;
        Init init = new Init.Uniform(1);
        scope.atMost("height", LEARNED * c.backbone().stride());
        scope.atMost("width", LEARNED * c.backbone().stride());
        Value right = scope.weight("column_embeddings.weight", init, LEARNED, half)
                .slice(0, Size.of(0), columns)
                .reshape(1, 1, columns, half)
                .expand(1, rows, columns, half);
        Value down = scope.weight("row_embeddings.weight", init, LEARNED, half)
                .slice(0, Size.of(0), rows)
                .reshape(1, rows, 1, half)
                .expand(1, rows, columns, half);
        return right.concat(3, down).reshape(1, rows.times(columns), c.width());
    }
}
