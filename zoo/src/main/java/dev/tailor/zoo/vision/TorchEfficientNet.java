package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.zoo.nn.MobileBlock.Keys;
import dev.tailor.zoo.nn.MobileBlock.Place;

/**
 * EfficientNet (Tan and Le 2019, arXiv 1905.11946) and EfficientNet v2 (2021, arXiv 2104.00298), after torchvision's {@code
 * efficientnet.py}.
 */
public final class TorchEfficientNet {
    private static final String VARIANTS = """
            efficientnet_b0 {"act_layer":"silu","drop_path_rate":0.2,"drop_rate":0.2,"channel_multiplier":1,"depth_multiplier":1,"last_size":1280,"block_args":["ds_r1_k3_s1_e1_c16_se0.25","ir_r2_k3_s2_e6_c24_se0.25","ir_r2_k5_s2_e6_c40_se0.25","ir_r3_k3_s2_e6_c80_se0.25","ir_r3_k5_s1_e6_c112_se0.25","ir_r4_k5_s2_e6_c192_se0.25","ir_r1_k3_s1_e6_c320_se0.25"]}
            efficientnet_b1 {"like":"efficientnet_b0","depth_multiplier":1.1}
            efficientnet_b2 {"like":"efficientnet_b0","drop_rate":0.3,"channel_multiplier":1.1,"depth_multiplier":1.2,"last_size":1408}
            efficientnet_b3 {"like":"efficientnet_b0","drop_rate":0.3,"channel_multiplier":1.2,"depth_multiplier":1.4,"last_size":1536}
            efficientnet_b4 {"like":"efficientnet_b0","drop_rate":0.4,"channel_multiplier":1.4,"depth_multiplier":1.8,"last_size":1792}
            efficientnet_b5 {"like":"efficientnet_b0","drop_rate":0.4,"channel_multiplier":1.6,"depth_multiplier":2.2,"last_size":2048,"bn_eps":0.001,"bn_momentum":0.01}
            efficientnet_b6 {"like":"efficientnet_b0","drop_rate":0.5,"channel_multiplier":1.8,"depth_multiplier":2.6,"last_size":2304,"bn_eps":0.001,"bn_momentum":0.01}
            efficientnet_b7 {"like":"efficientnet_b0","drop_rate":0.5,"channel_multiplier":2.0,"depth_multiplier":3.1,"last_size":2560,"bn_eps":0.001,"bn_momentum":0.01}
            efficientnet_v2_s {"act_layer":"silu","drop_path_rate":0.2,"drop_rate":0.2,"stem_size":24,"bn_eps":0.001,"block_args":["cn_r2_k3_s1_e1_c24_skip","er_r4_k3_s2_e4_c48","er_r4_k3_s2_e4_c64","ir_r6_k3_s2_e4_c128_se0.25","ir_r9_k3_s1_e6_c160_se0.25","ir_r15_k3_s2_e6_c256_se0.25"]}
            efficientnet_v2_m {"act_layer":"silu","drop_path_rate":0.2,"drop_rate":0.3,"stem_size":24,"bn_eps":0.001,"block_args":["cn_r3_k3_s1_e1_c24_skip","er_r5_k3_s2_e4_c48","er_r5_k3_s2_e4_c80","ir_r7_k3_s2_e4_c160_se0.25","ir_r14_k3_s1_e6_c176_se0.25","ir_r18_k3_s2_e6_c304_se0.25","ir_r5_k3_s1_e6_c512_se0.25"]}
            efficientnet_v2_l {"act_layer":"silu","drop_path_rate":0.2,"drop_rate":0.4,"stem_size":32,"bn_eps":0.001,"block_args":["cn_r4_k3_s1_e1_c32_skip","er_r7_k3_s2_e4_c64","er_r7_k3_s2_e4_c96","ir_r10_k3_s2_e4_c192_se0.25","ir_r19_k3_s1_e6_c224_se0.25","ir_r25_k3_s2_e6_c384_se0.25","ir_r7_k3_s1_e6_c640_se0.25"]}
            """;

    private static final MobileNetwork.Names NAMES =
            new MobileNetwork.Names(TorchEfficientNet::keys, "", false, "classifier.1");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/efficientnet",
                    "TorchvisionEfficientNet",
                    MobileNetwork.Config::new,
                    (scope, config, head) -> MobileNetwork.build(scope, config, NAMES, head))
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier")
            .variants("torchvision", VARIANTS);

    private TorchEfficientNet() {}

    private static Keys keys(Place p) {
        String layer = "features." + (p.stage() + 1);
        if (p.type().equals(MobileNetwork.STEM) || p.type().equals(MobileNetwork.LAST)) {
            return new Keys(layer + ".0", layer + ".1");
        }
        String block = layer + "." + p.index();
        return p.type().equals("cn")
                ? new Keys(block + ".block.0.0", block + ".block.0.1")
                : MobileNetV3.keys(block, p);
    }
}
