package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.Activation;
import dev.tailor.zoo.nn.ConvNorm;
import dev.tailor.zoo.nn.ConvNorm.Window;
import dev.tailor.zoo.nn.ImageHead;
import dev.tailor.zoo.nn.MobileBlock.Keys;
import dev.tailor.zoo.nn.MobileBlock.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Semantic segmentation after torchvision's {@code models/segmentation}: FCN (Long et al. 2014, arXiv 1411.4038), DeepLab v3 (Chen et
 * al. 2017, arXiv 1706.05587) and LR-ASPP (Howard et al. 2019, arXiv 1905.02244). {@code logits} have the size of the picture. The
 * auxiliary classifier serves training alone and is left out.
 */
public final class TorchSegmentation {
    private static final String VARIANTS = """
            fcn_resnet50 {"decoder":"fcn","layers":[3,4,6,3]}
            fcn_resnet101 {"decoder":"fcn","layers":[3,4,23,3]}
            deeplabv3_resnet50 {"decoder":"deeplabv3","layers":[3,4,6,3]}
            deeplabv3_resnet101 {"decoder":"deeplabv3","layers":[3,4,23,3]}
            """;

    private static final MobileNetwork.Names MOBILE = new MobileNetwork.Names(TorchSegmentation::keys, "", false, "");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/segmentation", "Torchvision", Config::new, TorchSegmentation::build)
            .prefix("backbone")
            .heads(Head.SEMANTIC_SEGMENTATION)
            .headKeys("classifier")
            .ignorable("aux_classifier")
            .variants("torchvision", VARIANTS)
            .variants("torchvision", "deeplabv3_mobilenet_v3_large " + mobile("deeplabv3"))
            .variants("torchvision", "lraspp_mobilenet_v3_large " + mobile("lraspp"));

    private static final ConvNorm LAYER = ConvNorm.TORCH;
    private static final int DILATED_STAGES = 2;
    private static final long DEEP = 256;
    private static final long LIGHT = 128;
    private static final List<Long> RATES = List.of(12L, 24L, 36L);

    private TorchSegmentation() {}

    private static String mobile(String decoder) {
        return MobileNetV3.LARGE.replaceFirst(
                "\\{", "{\"backbone\":\"mobilenet_v3\",\"dilated\":true,\"decoder\":\"" + decoder + "\",");
    }

    /** A backbone with its own keys, and what reads it. */
    record Config(ModelConfig json, boolean mobile, String decoder, int labels) {
        Config(ModelConfig json) {
            this(
                    json,
                    json.text("backbone", "resnet").equals("mobilenet_v3"),
                    json.text("decoder", "fcn"),
                    json.labelCount());
            boolean known = List.of("resnet", "mobilenet_v3").contains(json.text("backbone", "resnet"))
                    && (List.of("fcn", "deeplabv3").contains(decoder) || (mobile && decoder.equals("lraspp")));
            if (!known) {
                throw new TailorException(json.source() + ": the decoder must be \"fcn\" or \"deeplabv3\" over a"
                        + " \"resnet\" or \"mobilenet_v3\", or \"lraspp\" over the latter; found \"" + decoder
                        + "\" over \"" + json.text("backbone", "resnet") + "\"");
            }
        }
    }

    static Map<String, Value> build(Scope scope, Config c, Head head) {
        Value pixels = ImageHead.pixels(scope, 3);
        Scope backbone = head == Head.BASE ? scope : scope.sub("backbone");
        List<Value> stages = c.mobile()
                ? MobileNetwork.backbone(backbone, new MobileNetwork.Config(c.json()), MOBILE, pixels)
                : TorchResNet.backbone(backbone, new TorchResNet.Config(c.json()), pixels, DILATED_STAGES);
        Value x = stages.get(stages.size() - 1);
        Value features = scope.features(ImageHead.pooled(x));
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (head == Head.BASE) {
            outputs.put("last_hidden_state", x);
            outputs.put("pooler_output", features);
            return outputs;
        }
        Scope classifier = scope.sub("classifier");
        Value map = switch (c.decoder()) {
            case "lraspp" -> light(classifier, x, stages.get(2), c.labels());
            case "deeplabv3" -> classes(classifier, pyramid(classifier.sub(0), x), 1, DEEP, c.labels());
            default -> classes(classifier, x, 0, x.size(1).constant() / 4, c.labels());
        };
        outputs.put("logits", resized(map, pixels.size(2), pixels.size(3)));
        return outputs;
    }

    /** A 3 x 3 layer and a 1 x 1 convolution, numbered from {@code first}; torchvision has dropout or nothing between. */
    private static Value classes(Scope scope, Value x, int first, long width, long labels) {
        Value y = conv(scope, "" + first, "" + (first + 1), x, width, Window.of(3));
        return plain(scope, "4", y, labels, true);
    }

    private static Value pyramid(Scope scope, Value x) {
        Value y = conv(scope, "convs.0.0", "convs.0.1", x, DEEP, Window.of(1));
        Value[] others = new Value[RATES.size() + 1];
        for (int i = 0; i < RATES.size(); i++) {
            String path = "convs." + (i + 1);
            others[i] =
                    conv(scope, path + ".0", path + ".1", x, DEEP, Window.of(3).dilated(RATES.get(i)));
        }
        String last = "convs." + (RATES.size() + 1);
        Value mean = conv(scope, last + ".1", last + ".2", x.mean(true, 2, 3), DEEP, Window.of(1));
        others[RATES.size()] = mean.expand(x.size(0), DEEP, x.size(2), x.size(3));
        return conv(scope, "project.0", "project.1", y.concat(1, others), DEEP, Window.of(1));
    }

    private static Value light(Scope scope, Value high, Value low, long labels) {
        Value x = conv(scope, "cbr.0", "cbr.1", high, LIGHT, Window.of(1));
        Value scale = Activation.apply("sigmoid", plain(scope, "scale.1", high.mean(true, 2, 3), LIGHT, false));
        Value wide = resized(x.mul(scale), low.size(2), low.size(3));
        return plain(scope, "low_classifier", low, labels, true)
                .add(plain(scope, "high_classifier", wide, labels, true));
    }

    private static Value conv(Scope scope, String conv, String norm, Value x, long out, Window window) {
        return LAYER.apply(scope, conv, norm, x, out, window, "relu");
    }

    private static Value plain(Scope scope, String name, Value x, long out, boolean bias) {
        return scope.initializer(Init.fanIn(x.size(1).constant())).conv2d(name, x, out, 1, 1, 0, bias);
    }

    private static Value resized(Value x, Size height, Size width) {
        return x.resize2d(new Op.Resize2d(Op.Resize2d.Mode.BILINEAR, height, width, false));
    }

    private static Keys keys(Place p) {
        return MobileNetV3.keys("" + (p.number() + 1), p);
    }
}
