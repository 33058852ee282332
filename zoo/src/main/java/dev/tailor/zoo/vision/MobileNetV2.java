package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.zoo.nn.MobileBlock.Keys;
import dev.tailor.zoo.nn.MobileBlock.Place;
import dev.tailor.zoo.nn.MobileBlock.Role;

/** MobileNet v2 (Sandler et al. 2018, arXiv 1801.04381), after torchvision's {@code mobilenetv2.py}. */
public final class MobileNetV2 {
    private static final String VARIANTS = """
            mobilenet_v2 {"drop_rate":0.2,"act_layer":"relu6","block_args":["ds_r1_k3_s1_c16","ir_r2_k3_s2_e6_c24","ir_r3_k3_s2_e6_c32","ir_r4_k3_s2_e6_c64","ir_r3_k3_s1_e6_c96","ir_r3_k3_s2_e6_c160","ir_r1_k3_s1_e6_c320"]}
            """;

    private static final MobileNetwork.Names NAMES =
            new MobileNetwork.Names(MobileNetV2::keys, "", false, "classifier.1");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/mobilenet_v2",
                    "TorchvisionMobileNetV2",
                    MobileNetwork.Config::new,
                    (scope, config, head) -> MobileNetwork.build(scope, config, NAMES, head))
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier.1")
            .variants("torchvision", VARIANTS);

    private MobileNetV2() {}

    /** The projection and its normalisation are no pair of their own. */
    private static Keys keys(Place p) {
        if (p.role() == Role.SQUEEZE) {
            throw new IllegalArgumentException("MobileNet v2 has no squeeze and excitation");
        }
        String layer = "features." + (p.number() + 1);
        if (p.role() == Role.SINGLE) {
            return new Keys(layer + ".0", layer + ".1");
        }
        String part = layer + ".conv." + p.position();
        return p.role() == Role.PROJECT
                ? new Keys(part, layer + ".conv." + (p.position() + 1))
                : new Keys(part + ".0", part + ".1");
    }
}
