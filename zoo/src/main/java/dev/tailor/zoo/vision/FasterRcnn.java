package dev.tailor.zoo.vision;

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
import dev.tailor.zoo.nn.Anchors;
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.RoiAlign;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Faster R-CNN (Ren et al. 2015, arXiv 1506.01497) over a feature pyramid of a ResNet (Lin et al. 2016, arXiv 1612.03144), after
 * torchvision's {@code faster_rcnn.py}. Two functions: the first proposes boxes, the second looks at those that were chosen again.
 * All boxes are in pixels of what the network sees.
 */
public final class FasterRcnn {
    private static final String VARIANT = """
            fasterrcnn_resnet50_fpn {"num_classes":91,"block":"bottleneck","layers":[3,4,6,3],"min_size":800,"max_size":1333,"image_mean":[0.485,0.456,0.406],"image_std":[0.229,0.224,0.225],"rpn_pre_nms_top_n_test":1000,"rpn_post_nms_top_n_test":1000,"rpn_nms_thresh":0.7,"rpn_score_thresh":0,"box_score_thresh":0.05,"box_nms_thresh":0.5,"box_detections_per_img":100}
            """;

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/fasterrcnn", "TorchvisionFasterRcnn", Config::new, FasterRcnn::build)
            .prefix("backbone")
            .heads(Head.OBJECT_DETECTION)
            .headKeys("rpn", "roi_heads")
            .variants("torchvision", VARIANT)
            .stage(Config::new, FasterRcnn::regions);

    private static final String MAPS = "features_";

    private static final String BOXES = "proposals";

    private static final double MOST_GROWTH = Math.log(1000.0 / 16);
    private static final List<Double> RATIOS = List.of(0.5, 1.0, 2.0);
    private static final double SMALLEST_ANCHOR = 32;
    private static final RoiAlign ALIGN = new RoiAlign(7, 2, 4);

    private FasterRcnn() {}

    /** A ResNet with its own keys; torchvision trained its first weights with no epsilon in the normalisations. */
    record Config(TorchResNet.Config resNet, ConvNorm layer, long width, long inner, int labels) {
        Config(ModelConfig json) {
            this(
                    new TorchResNet.Config(json),
                    new ConvNorm(
                            json.number("bn_eps", json.text("weights", "").equals("COCO_V1") ? 0 : 1e-5), 0.1, false),
                    json.width("out_channels", 256),
                    json.width("representation_size", 1024),
                    json.labelCount());
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Value pixels = ImageHead.pixels(scope, 3);
        Scope backbone = head == Head.BASE ? scope : scope.sub("backbone");
        List<Value> stages = TorchResNet.backbone(backbone.sub("body").frozenNorms(), c.resNet(), c.layer(), pixels, 0);
        Value features = scope.features(ImageHead.pooled(stages.get(stages.size() - 1)));
        List<Value> maps = pyramid(backbone.sub("fpn"), stages, c.width());
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.BASE) {
            outputs.put("last_hidden_state", maps.get(0));
            outputs.put("pooler_output", features);
            return outputs;
        }
        for (int i = 0; i < maps.size(); i++) {
            outputs.put(MAPS + i, maps.get(i));
        }
        maps.add(maps.get(maps.size() - 1).maxPool2d(1, 2, 0));
        Scope rpn = scope.sub("rpn.head");
        for (int i = 0; i < maps.size(); i++) {
            Value x = Activation.apply("relu", either(rpn, "conv.0.0", "conv", maps.get(i), c.width(), Window.of(3)));
            Value objectness = Anchors.conv(rpn, "cls_logits", x, RATIOS.size(), Window.of(1));
            Value deltas = Anchors.conv(rpn, "bbox_pred", x, 4L * RATIOS.size(), Window.of(1));
            Anchors anchors = anchors(scope, pixels, maps.get(i), SMALLEST_ANCHOR * (1 << i));
            outputs.put("objectness_" + i, Anchors.flatten(objectness, 1));
            outputs.put("proposals_" + i, anchors.decode(Anchors.flatten(deltas, 4), 1, 1, MOST_GROWTH));
        }
        return outputs;
    }

    /** Scores of all labels, and a box for each, of regions of one picture. */
    static Map<String, Value> regions(Scope scope, Config c, Head head) {
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.BASE) {
            return outputs;
        }
        List<Value> maps = new ArrayList<>();
        for (int i = 0; i < c.resNet().layers().size(); i++) {
            maps.add(scope.input(MAPS + i, Kind.FLOAT, 1, c.width(), "height" + i, "width" + i));
        }
        Value boxes = scope.input(BOXES, Kind.FLOAT, "regions", 4);
        Scope heads = scope.sub("roi_heads");
        Value x = ALIGN.apply(scope, maps, boxes).flatten(1);
        x = dense(heads, "box_head.fc6", x, c.inner()).relu();
        x = dense(heads, "box_head.fc7", x, c.inner()).relu();
        Value logits = dense(heads, "box_predictor.cls_score", x, c.labels());
        Value deltas = dense(heads, "box_predictor.bbox_pred", x, 4L * c.labels());
        outputs.put("class_logits", logits);
        outputs.put("box_regression", deltas);
        outputs.put("scores", logits.softmax(-1));
        Value sides = boxes.slice(1, 2, 4).sub(boxes.slice(1, 0, 2));
        Anchors regions = new Anchors(boxes.slice(1, 0, 2).add(sides.mul(0.5)).unsqueeze(1), sides.unsqueeze(1));
        outputs.put("boxes", regions.decode(deltas.reshape(boxes.size(0), c.labels(), 4), 10, 5, MOST_GROWTH));
        return outputs;
    }

    private static Value dense(Scope scope, String name, Value x, long out) {
        return scope.initializer(Init.fanIn(x.size(1).constant())).linear(name, x, out);
    }

    private static List<Value> pyramid(Scope scope, List<Value> stages, long width) {
        List<Value> maps = new ArrayList<>();
        Value above = null;
        for (int i = stages.size() - 1; i >= 0; i--) {
            Value x =
                    either(scope, "inner_blocks." + i + ".0", "inner_blocks." + i, stages.get(i), width, Window.of(1));
            if (above != null) {
                x = x.add(above.resize2d(new Op.Resize2d(Op.Resize2d.Mode.NEAREST, x.size(2), x.size(3), false)));
            }
            above = x;
            maps.add(0, either(scope, "layer_blocks." + i + ".0", "layer_blocks." + i, x, width, Window.of(3)));
        }
        return maps;
    }

    /** A convolution under the name of today, or the one of torchvision's first weights. */
    private static Value either(Scope scope, String today, String old, Value x, long out, Window window) {
        boolean first = !scope.has(today + ".weight") && scope.has(old + ".weight");
        return Anchors.conv(scope, first ? old : today, x, out, window);
    }

    /** Rounded boxes of one area at each position, a whole number of pixels apart. */
    private static Anchors anchors(Scope scope, Value pixels, Value map, double length) {
        List<double[]> corners = new ArrayList<>();
        for (double ratio : RATIOS) {
            float high = (float) Math.sqrt(ratio);
            float wide = 1 / high;
            double halfWidth = Math.rint(wide * (float) length / 2);
            double halfHeight = Math.rint(high * (float) length / 2);
            corners.add(new double[] {2 * halfWidth, 2 * halfHeight});
        }
        Value positions = Anchors.positions(scope, map);
        Value step = Anchors.sides(scope, pixels).binary(Function.FLOOR_DIVIDE, Anchors.sides(scope, map));
        Size boxes = positions.size(0).times(corners.size());
        Object[] shape = {positions.size(0), corners.size(), 2};
        return new Anchors(
                positions.mul(step).expand(shape).reshape(boxes, 2),
                Anchors.table(scope, corners).expand(shape).reshape(boxes, 2));
    }
}
