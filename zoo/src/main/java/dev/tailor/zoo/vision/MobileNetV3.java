package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.zoo.nn.MobileBlock.Keys;
import dev.tailor.zoo.nn.MobileBlock.Place;
import dev.tailor.zoo.nn.MobileBlock.Role;

/** MobileNet v3 (Howard et al. 2019, arXiv 1905.02244), after torchvision's {@code mobilenetv3.py}. */
public final class MobileNetV3 {
    /** Large, as segmentation networks use it too. */
    static final String LARGE = """
            {"drop_rate":0.2,"bn_eps":0.001,"bn_momentum":0.01,"act_layer":"hard_swish","se_act":"relu","se_gate":"hard_sigmoid","se_from_exp":true,"stem_size":16,"last_pooled":true,"last_size":1280,"block_args":["ds_r1_k3_s1_e1_c16_nre","ir_r1_k3_s2_e4_c24_nre ir_r1_k3_s1_e3_c24_nre","ir_r1_k5_s2_e3_c40_se0.25_nre","ir_r2_k5_s1_e3_c40_se0.25_nre","ir_r1_k3_s2_e6_c80 ir_r1_k3_s1_e2.5_c80 ir_r2_k3_s1_e2.3_c80","ir_r2_k3_s1_e6_c112_se0.25","ir_r3_k5_s2_e6_c160_se0.25","cn_r1_k1_s1_c960"]}
            """;

    private static final String SMALL = """
            mobilenet_v3_small {"drop_rate":0.2,"bn_eps":0.001,"bn_momentum":0.01,"act_layer":"hard_swish","se_act":"relu","se_gate":"hard_sigmoid","se_from_exp":true,"stem_size":16,"last_pooled":true,"last_size":1024,"block_args":["ds_r1_k3_s2_e1_c16_se0.25_nre","ir_r1_k3_s2_e4.5_c24_nre ir_r1_k3_s1_e3.67_c24_nre","ir_r1_k5_s2_e4_c40_se0.25 ir_r2_k5_s1_e6_c40_se0.25","ir_r2_k5_s1_e3_c48_se0.25","ir_r3_k5_s2_e6_c96_se0.25","cn_r1_k1_s1_c576"]}
            """;

    static final MobileNetwork.Names NAMES =
            new MobileNetwork.Names(MobileNetV3::keys, "classifier.0", true, "classifier.3");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/mobilenet_v3",
                    "TorchvisionMobileNetV3",
                    MobileNetwork.Config::new,
                    (scope, config, head) -> MobileNetwork.build(scope, config, NAMES, head))
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier.3")
            .variants("torchvision", "mobilenet_v3_large " + LARGE)
            .variants("torchvision", SMALL);

    private MobileNetV3() {}

    private static Keys keys(Place p) {
        return keys("features." + (p.number() + 1), p);
    }

    static Keys keys(String layer, Place p) {
        String part = p.role() == Role.SINGLE ? layer : layer + ".block." + p.position();
        return p.role() == Role.SQUEEZE ? new Keys(part + ".fc1", part + ".fc2") : new Keys(part + ".0", part + ".1");
    }
}
