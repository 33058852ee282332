package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.Anchors;
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.ImageHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The slim Ultra-Light-Fast-Generic-Face-Detector-1MB, after {@code vision/nn/mb_tiny.py} and {@code vision/ssd} of
 * github.com/Linzaer: a tiny MobileNet with an SSD on top (Liu et al. 2015, arXiv 1512.02325). Boxes are parts of the picture.
 */
public final class UltraFace {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "ultraface", "UltraFace", Config::new, UltraFace::build)
            .heads(Head.OBJECT_DETECTION)
            .headKeys("classification_headers", "regression_headers");

    private static final long BASE = 16;
    /** Widths in multiples of the base and strides of the blocks behind the stem. */
    private static final List<Long> WIDTHS = List.of(2L, 2L, 2L, 4L, 4L, 4L, 4L, 8L, 8L, 8L, 16L, 16L);

    private static final List<Long> STRIDES = List.of(1L, 2L, 1L, 2L, 1L, 1L, 1L, 2L, 1L, 1L, 2L, 1L);
    /** The blocks whose outputs are read. */
    private static final List<Integer> READ = List.of(7, 10, 12);

    private static final List<double[]> BOXES = List.of(
            new double[] {10, 16, 24}, new double[] {32, 48}, new double[] {64, 96}, new double[] {128, 192, 256});
    private static final double CENTRE_VARIANCE = 0.1;
    private static final double SIZE_VARIANCE = 0.2;

    private UltraFace() {}

    /** The keys of {@code config.json}; the labels are the background and the face. */
    record Config(int labels) {
        Config(ModelConfig json) {
            this(json.labelCount());
            if (!json.text("variant", "slim").equals("slim")) {
                throw new TailorException(
                        json.source() + ": the variant must be \"slim\", found \"" + json.text("variant", "") + "\"");
            }
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Value pixels = ImageHead.pixels(scope, 3);
        List<Value> maps = new ArrayList<>();
        Value x = ConvNorm.TORCH.apply(
                scope,
                "base_net.0.0",
                "base_net.0.1",
                pixels,
                BASE,
                Window.of(3).by(2),
                "relu");
        for (int i = 0; i < WIDTHS.size(); i++) {
            x = block(scope.sub("base_net", i + 1), x, BASE * WIDTHS.get(i), STRIDES.get(i));
            if (READ.contains(i + 1)) {
                maps.add(x);
            }
        }
        Map<String, Value> outputs = new LinkedHashMap<>();
        Value features = scope.features(ImageHead.pooled(x));
        if (head == Head.BASE) {
            outputs.put("last_hidden_state", x);
            outputs.put("pooler_output", features);
            return outputs;
        }
        Scope extra = scope.sub("extras.0");
        Value y = Activation.apply("relu", Anchors.conv(extra, "0", x, 4 * BASE, Window.of(1)));
        maps.add(Activation.apply("relu", separable(extra.sub(2), y, BASE * 16, 2)));
        List<Value> scores = new ArrayList<>();
        List<Value> deltas = new ArrayList<>();
        List<Anchors> anchors = new ArrayList<>();
        for (int i = 0; i < maps.size(); i++) {
            long each = BOXES.get(i).length;
            boolean last = i == maps.size() - 1;
            scores.add(Anchors.flatten(
                    predicted(scope, "classification_headers." + i, maps.get(i), each * c.labels(), last), c.labels()));
            deltas.add(Anchors.flatten(predicted(scope, "regression_headers." + i, maps.get(i), each * 4, last), 4));
            anchors.add(anchors(scope, pixels, maps.get(i), BOXES.get(i)));
        }
        outputs.put("scores", Anchors.concat(1, scores).softmax(-1));
        Value all = Anchors.concat(1, deltas);
        outputs.put(
                "boxes",
                Anchors.join(anchors).decode(all, 1 / CENTRE_VARIANCE, 1 / SIZE_VARIANCE, Double.POSITIVE_INFINITY));
        return outputs;
    }

    private static Value block(Scope scope, Value x, long out, long stride) {
        long in = x.size(1).constant();
        Value y = ConvNorm.TORCH.apply(
                scope, "0", "1", x, in, Window.of(3).by(stride).in(in), "relu");
        return ConvNorm.TORCH.apply(scope, "3", "4", y, out, Window.of(1), "relu");
    }

    private static Value predicted(Scope scope, String name, Value x, long out, boolean last) {
        return last ? Anchors.conv(scope, name, x, out, Window.of(3)) : separable(scope.sub(name), x, out, 1);
    }

    private static Value separable(Scope scope, Value x, long out, long stride) {
        long in = x.size(1).constant();
        Value y = Anchors.conv(scope, "0", x, in, Window.of(3).by(stride).in(in));
        return Anchors.conv(scope, "2", Activation.apply("relu", y), out, Window.of(1));
    }

    /** Squares of so many pixels, in parts of the picture. */
    private static Anchors anchors(Scope scope, Value pixels, Value map, double[] lengths) {
        Value positions = Anchors.positions(scope, map);
        Value centres = positions.add(0.5).div(Anchors.sides(scope, map));
        List<double[]> squares = Arrays.stream(lengths)
                .mapToObj(length -> new double[] {length, length})
                .toList();
        Value sides = Anchors.table(scope, squares).div(Anchors.sides(scope, pixels));
        Object[] shape = {positions.size(0), lengths.length, 2};
        Object[] flat = {positions.size(0).times(lengths.length), 2};
        return new Anchors(
                centres.expand(shape).reshape(flat),
                bounded(sides).expand(shape).reshape(flat));
    }

    private static Value bounded(Value x) {
        return x.scalar(Function.MAXIMUM, 0).scalar(Function.MINIMUM, 1);
    }
}
