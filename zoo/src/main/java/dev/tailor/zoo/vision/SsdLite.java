package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Anchors;
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.MobileBlock.Keys;
import dev.tailor.zoo.nn.MobileBlock.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SSDlite (Liu et al. 2015, arXiv 1512.02325; Sandler et al. 2018, arXiv 1801.04381) over MobileNet v3, after torchvision's {@code
 * ssdlite.py}. Boxes are parts of the picture, and not cut at its borders.
 */
public final class SsdLite {
    /** As MobileNet v3 large with a narrow tail; the block that strides last is cut behind its expansion, which is read. */
    private static final String VARIANT = """
            ssdlite320_mobilenet_v3_large {"num_classes":91,"fixed_size":[320,320],"image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5],"score_thresh":0.001,"nms_thresh":0.55,"topk_candidates":300,"detections_per_img":300,"bn_eps":0.001,"bn_momentum":0.03,"act_layer":"hard_swish","se_act":"relu","se_gate":"hard_sigmoid","se_from_exp":true,"stem_size":16,"last_pooled":true,"block_args":["ds_r1_k3_s1_e1_c16_nre","ir_r1_k3_s2_e4_c24_nre ir_r1_k3_s1_e3_c24_nre","ir_r1_k5_s2_e3_c40_se0.25_nre","ir_r2_k5_s1_e3_c40_se0.25_nre","ir_r1_k3_s2_e6_c80 ir_r1_k3_s1_e2.5_c80 ir_r2_k3_s1_e2.3_c80","ir_r2_k3_s1_e6_c112_se0.25","cn_r1_k1_s1_c672","ds_r1_k5_s2_c80_se0.25","ir_r2_k5_s1_e6_c80_se0.25","cn_r1_k1_s1_c480"]}
            """;

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/ssdlite", "TorchvisionSsdLite", SsdLite::read, SsdLite::build)
            .prefix("backbone")
            .heads(Head.OBJECT_DETECTION)
            .headKeys("head")
            .variants("torchvision", VARIANT);

    /** The stack whose output is read beside the last. */
    private static final int EXPANSION = 6;
    /** How many blocks stand before it, and with it the first part of the backbone. */
    private static final int FIRST_PART = 12;

    private static final List<Long> EXTRA = List.of(512L, 256L, 256L, 128L);
    private static final double SMALLEST = 0.2;
    private static final double LARGEST = 0.95;
    private static final List<Double> RATIOS = List.of(2.0, 3.0);

    private static final MobileNetwork.Names NAMES = new MobileNetwork.Names(SsdLite::keys, "", false, "");

    private SsdLite() {}

    private static MobileNetwork.Config read(ModelConfig json) {
        return new MobileNetwork.Config(json);
    }

    static Map<String, Value> build(Scope scope, MobileNetwork.Config c, Head head) {
        Value pixels = ImageHead.pixels(scope, 3);
        Scope backbone = head == Head.BASE ? scope : scope.sub("backbone");
        List<Value> stacks = MobileNetwork.backbone(backbone, c, NAMES, pixels);
        Value x = stacks.get(stacks.size() - 1);
        List<Value> maps = new ArrayList<>(List.of(stacks.get(EXPANSION), x));
        for (int i = 0; i < EXTRA.size(); i++) {
            x = extra(backbone.sub("extra", i), c.style().layer(), x, EXTRA.get(i));
            maps.add(x);
        }
        Map<String, Value> outputs = new LinkedHashMap<>();
        Value features = scope.features(ImageHead.pooled(stacks.get(stacks.size() - 1)));
        if (head == Head.BASE) {
            outputs.put("last_hidden_state", x);
            outputs.put("pooler_output", features);
            return outputs;
        }
        List<Value> logits = new ArrayList<>();
        List<Value> deltas = new ArrayList<>();
        List<Anchors> anchors = new ArrayList<>();
        for (int i = 0; i < maps.size(); i++) {
            long each = 2 + 2L * RATIOS.size();
            Scope classes = scope.sub("head.classification_head.module_list", i);
            Scope boxes = scope.sub("head.regression_head.module_list", i);
            logits.add(Anchors.flatten(predicted(classes, c, maps.get(i), each * c.labels()), c.labels()));
            deltas.add(Anchors.flatten(predicted(boxes, c, maps.get(i), each * 4), 4));
            anchors.add(anchors(scope, maps.get(i), i, maps.size()));
        }
        outputs.put("cls_logits", Anchors.concat(1, logits));
        outputs.put("bbox_regression", Anchors.concat(1, deltas));
        outputs.put("scores", outputs.get("cls_logits").softmax(-1));
        outputs.put(
                "boxes", Anchors.join(anchors).decode(outputs.get("bbox_regression"), 10, 5, Math.log(1000.0 / 16)));
        return outputs;
    }

    private static Value extra(Scope scope, ConvNorm layer, Value x, long out) {
        long middle = out / 2;
        Value y = layer.apply(scope, "0.0", "0.1", x, middle, Window.of(1), "relu6");
        y = layer.apply(scope, "1.0", "1.1", y, middle, Window.of(3).by(2).in(middle), "relu6");
        return layer.apply(scope, "2.0", "2.1", y, out, Window.of(1), "relu6");
    }

    private static Value predicted(Scope scope, MobileNetwork.Config c, Value x, long out) {
        long in = x.size(1).constant();
        Value y =
                c.style().layer().apply(scope, "0.0", "0.1", x, in, Window.of(3).in(in), "relu6");
        return Anchors.conv(scope, "1", y, out, Window.of(1));
    }

    /** A square of this map's scale, one between it and the next, and both forms of each ratio. */
    private static Anchors anchors(Scope scope, Value map, int level, int levels) {
        double scale = scale(level, levels);
        double between = Math.sqrt(scale * scale(level + 1, levels));
        List<double[]> sides = new ArrayList<>(List.of(new double[] {scale, scale}, new double[] {between, between}));
        for (double ratio : RATIOS) {
            double wide = scale * Math.sqrt(ratio);
            double narrow = scale / Math.sqrt(ratio);
            sides.add(new double[] {wide, narrow});
            sides.add(new double[] {narrow, wide});
        }
        sides.replaceAll(s -> new double[] {Math.min(s[0], 1), Math.min(s[1], 1)});
        Value positions = Anchors.positions(scope, map);
        Object[] shape = {positions.size(0), sides.size(), 2};
        Object[] flat = {positions.size(0).times(sides.size()), 2};
        Value centres = positions.add(0.5).div(Anchors.sides(scope, map));
        return new Anchors(
                centres.expand(shape).reshape(flat),
                Anchors.table(scope, sides).expand(shape).reshape(flat));
    }

    private static double scale(int level, int levels) {
        return level == levels ? 1 : SMALLEST + (LARGEST - SMALLEST) * level / (levels - 1.0);
    }

    private static Keys keys(Place p) {
        if (p.number() <= FIRST_PART) {
            return MobileNetV3.keys("features.0." + (p.number() + 1), p);
        }
        int number = p.number() - FIRST_PART - 1;
        if (number > 0) {
            return MobileNetV3.keys("features.1." + number, p);
        }
        // What is left of the block that was cut keeps its numbers.
        Place moved = new Place(p.stage(), p.index(), p.number(), p.type(), p.role(), p.position() + 1);
        Keys keys = MobileNetV3.keys("features.1.0", moved);
        return new Keys(keys.first().replace(".block.", "."), keys.second().replace(".block.", "."));
    }
}
