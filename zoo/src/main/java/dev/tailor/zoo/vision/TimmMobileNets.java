package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.zoo.nn.MobileBlock.Keys;
import dev.tailor.zoo.nn.MobileBlock.Place;

/**
 * EfficientNet (Tan and Le 2019, arXiv 1905.11946), EfficientNet v2, MobileNet v2 and v3, MNASNet, after timm's {@code
 * efficientnet.py} and {@code mobilenetv3.py}, which name their parts alike.
 */
public final class TimmMobileNets {
    private static final String VARIANTS = """
            efficientnet_b0 {"act_layer":"silu","channel_multiplier":1,"depth_multiplier":1,"last_size":1280,"block_args":["ds_r1_k3_s1_e1_c16_se0.25","ir_r2_k3_s2_e6_c24_se0.25","ir_r2_k5_s2_e6_c40_se0.25","ir_r3_k3_s2_e6_c80_se0.25","ir_r3_k5_s1_e6_c112_se0.25","ir_r4_k5_s2_e6_c192_se0.25","ir_r1_k3_s1_e6_c320_se0.25"]}
            efficientnet_b1 {"like":"efficientnet_b0","depth_multiplier":1.1}
            efficientnet_b2 {"like":"efficientnet_b0","channel_multiplier":1.1,"depth_multiplier":1.2,"last_size":1408}
            efficientnet_b3 {"like":"efficientnet_b0","channel_multiplier":1.2,"depth_multiplier":1.4,"last_size":1536}
            efficientnet_b4 {"like":"efficientnet_b0","channel_multiplier":1.4,"depth_multiplier":1.8,"last_size":1792}
            efficientnet_b5 {"like":"efficientnet_b0","channel_multiplier":1.6,"depth_multiplier":2.2,"last_size":2048}
            efficientnet_b6 {"like":"efficientnet_b0","channel_multiplier":1.8,"depth_multiplier":2.6,"last_size":2304}
            efficientnet_b7 {"like":"efficientnet_b0","channel_multiplier":2.0,"depth_multiplier":3.1,"last_size":2560}
            efficientnet_b8 {"like":"efficientnet_b0","channel_multiplier":2.2,"depth_multiplier":3.6,"last_size":2816}
            efficientnet_l2 {"like":"efficientnet_b0","channel_multiplier":4.3,"depth_multiplier":5.3,"last_size":5504}
            efficientnet_lite0 {"act_layer":"relu6","fix_stem":true,"fix_first_last":true,"channel_multiplier":1,"depth_multiplier":1,"block_args":["ds_r1_k3_s1_e1_c16","ir_r2_k3_s2_e6_c24","ir_r2_k5_s2_e6_c40","ir_r3_k3_s2_e6_c80","ir_r3_k5_s1_e6_c112","ir_r4_k5_s2_e6_c192","ir_r1_k3_s1_e6_c320"]}
            efficientnet_lite1 {"like":"efficientnet_lite0","depth_multiplier":1.1}
            efficientnet_lite2 {"like":"efficientnet_lite0","channel_multiplier":1.1,"depth_multiplier":1.2}
            efficientnet_lite3 {"like":"efficientnet_lite0","channel_multiplier":1.2,"depth_multiplier":1.4}
            efficientnet_lite4 {"like":"efficientnet_lite0","channel_multiplier":1.4,"depth_multiplier":1.8}
            efficientnetv2_s {"act_layer":"silu","stem_size":24,"block_args":["cn_r2_k3_s1_e1_c24_skip","er_r4_k3_s2_e4_c48","er_r4_k3_s2_e4_c64","ir_r6_k3_s2_e4_c128_se0.25","ir_r9_k3_s1_e6_c160_se0.25","ir_r15_k3_s2_e6_c256_se0.25"]}
            efficientnetv2_m {"act_layer":"silu","stem_size":24,"block_args":["cn_r3_k3_s1_e1_c24_skip","er_r5_k3_s2_e4_c48","er_r5_k3_s2_e4_c80","ir_r7_k3_s2_e4_c160_se0.25","ir_r14_k3_s1_e6_c176_se0.25","ir_r18_k3_s2_e6_c304_se0.25","ir_r5_k3_s1_e6_c512_se0.25"]}
            efficientnetv2_l {"act_layer":"silu","stem_size":32,"block_args":["cn_r4_k3_s1_e1_c32_skip","er_r7_k3_s2_e4_c64","er_r7_k3_s2_e4_c96","ir_r10_k3_s2_e4_c192_se0.25","ir_r19_k3_s1_e6_c224_se0.25","ir_r25_k3_s2_e6_c384_se0.25","ir_r7_k3_s1_e6_c640_se0.25"]}
            efficientnetv2_xl {"act_layer":"silu","stem_size":32,"block_args":["cn_r4_k3_s1_e1_c32_skip","er_r8_k3_s2_e4_c64","er_r8_k3_s2_e4_c96","ir_r16_k3_s2_e4_c192_se0.25","ir_r24_k3_s1_e6_c256_se0.25","ir_r32_k3_s2_e6_c512_se0.25","ir_r8_k3_s1_e6_c640_se0.25"]}
            tf_efficientnet_b0 {"like":"efficientnet_b0","pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_b1 {"like":"efficientnet_b0","depth_multiplier":1.1,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_b2 {"like":"efficientnet_b0","channel_multiplier":1.1,"depth_multiplier":1.2,"last_size":1408,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_b3 {"like":"efficientnet_b0","channel_multiplier":1.2,"depth_multiplier":1.4,"last_size":1536,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_b4 {"like":"efficientnet_b0","channel_multiplier":1.4,"depth_multiplier":1.8,"last_size":1792,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_b5 {"like":"efficientnet_b0","channel_multiplier":1.6,"depth_multiplier":2.2,"last_size":2048,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_b6 {"like":"efficientnet_b0","channel_multiplier":1.8,"depth_multiplier":2.6,"last_size":2304,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_b7 {"like":"efficientnet_b0","channel_multiplier":2.0,"depth_multiplier":3.1,"last_size":2560,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_b8 {"like":"efficientnet_b0","channel_multiplier":2.2,"depth_multiplier":3.6,"last_size":2816,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_l2 {"like":"efficientnet_b0","channel_multiplier":4.3,"depth_multiplier":5.3,"last_size":5504,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_lite0 {"like":"efficientnet_lite0","pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_lite1 {"like":"efficientnet_lite0","depth_multiplier":1.1,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_lite2 {"like":"efficientnet_lite0","channel_multiplier":1.1,"depth_multiplier":1.2,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_lite3 {"like":"efficientnet_lite0","channel_multiplier":1.2,"depth_multiplier":1.4,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnet_lite4 {"like":"efficientnet_lite0","channel_multiplier":1.4,"depth_multiplier":1.8,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnetv2_s {"like":"efficientnetv2_s","pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnetv2_m {"like":"efficientnetv2_m","pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnetv2_l {"like":"efficientnetv2_l","pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnetv2_xl {"like":"efficientnetv2_xl","pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_efficientnetv2_b0 {"act_layer":"silu","round_limit":0,"channel_multiplier":1,"depth_multiplier":1,"last_size":1280,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01,"block_args":["cn_r1_k3_s1_e1_c16_skip","er_r2_k3_s2_e4_c32","er_r2_k3_s2_e4_c48","ir_r3_k3_s2_e4_c96_se0.25","ir_r5_k3_s1_e6_c112_se0.25","ir_r8_k3_s2_e6_c192_se0.25"]}
            tf_efficientnetv2_b1 {"like":"tf_efficientnetv2_b0","depth_multiplier":1.1}
            tf_efficientnetv2_b2 {"like":"tf_efficientnetv2_b0","channel_multiplier":1.1,"depth_multiplier":1.2,"last_size":1408}
            tf_efficientnetv2_b3 {"like":"tf_efficientnetv2_b0","channel_multiplier":1.2,"depth_multiplier":1.4,"last_size":1536}
            efficientnetv2_rw_t {"like":"efficientnetv2_s","channel_multiplier":0.8,"depth_multiplier":0.9,"last_size":1024}
            efficientnetv2_rw_s {"act_layer":"silu","stem_size":24,"last_size":1792,"block_args":["er_r2_k3_s1_e1_c24","er_r4_k3_s2_e4_c48","er_r4_k3_s2_e4_c64","ir_r6_k3_s2_e4_c128_se0.25","ir_r9_k3_s1_e6_c160_se0.25","ir_r15_k3_s2_e6_c272_se0.25"]}
            mobilenetv2_035 {"act_layer":"relu6","channel_multiplier":0.35,"last_size":1280,"block_args":["ds_r1_k3_s1_c16","ir_r2_k3_s2_e6_c24","ir_r3_k3_s2_e6_c32","ir_r4_k3_s2_e6_c64","ir_r3_k3_s1_e6_c96","ir_r3_k3_s2_e6_c160","ir_r1_k3_s1_e6_c320"]}
            mobilenetv2_050 {"like":"mobilenetv2_035","channel_multiplier":0.5}
            mobilenetv2_075 {"like":"mobilenetv2_035","channel_multiplier":0.75}
            mobilenetv2_100 {"like":"mobilenetv2_035","channel_multiplier":1}
            mobilenetv2_140 {"like":"mobilenetv2_035","channel_multiplier":1.4,"last_size":1792}
            mobilenetv2_110d {"like":"mobilenetv2_035","fix_stem":true,"fix_first_last":true,"channel_multiplier":1.1,"depth_multiplier":1.2,"last_size":1280}
            mobilenetv2_120d {"like":"mobilenetv2_035","fix_stem":true,"fix_first_last":true,"channel_multiplier":1.2,"depth_multiplier":1.4,"last_size":1280}
            mnasnet_050 {"channel_multiplier":0.5,"block_args":["ds_r1_k3_s1_c16_noskip","ir_r3_k3_s2_e3_c24","ir_r3_k5_s2_e3_c40","ir_r3_k5_s2_e6_c80","ir_r2_k3_s1_e6_c96","ir_r4_k5_s2_e6_c192","ir_r1_k3_s1_e6_c320_noskip"]}
            mnasnet_075 {"like":"mnasnet_050","channel_multiplier":0.75}
            mnasnet_100 {"like":"mnasnet_050","channel_multiplier":1}
            mnasnet_140 {"like":"mnasnet_050","channel_multiplier":1.4}
            semnasnet_050 {"channel_multiplier":0.5,"block_args":["ds_r1_k3_s1_e1_c16_noskip","ir_r2_k3_s2_e6_c24","ir_r3_k5_s2_e3_c40_se0.25","ir_r4_k3_s2_e6_c80","ir_r2_k3_s1_e6_c112_se0.25","ir_r3_k5_s2_e6_c160_se0.25","ir_r1_k3_s1_e6_c320"]}
            semnasnet_075 {"like":"semnasnet_050","channel_multiplier":0.75}
            semnasnet_100 {"like":"semnasnet_050","channel_multiplier":1}
            semnasnet_140 {"like":"semnasnet_050","channel_multiplier":1.4}
            mobilenetv3_large_075 {"act_layer":"hard_swish","se_act":"relu","se_gate":"hard_sigmoid","se_from_exp":true,"stem_size":16,"last_pooled":true,"last_size":1280,"channel_multiplier":0.75,"block_args":["ds_r1_k3_s1_e1_c16_nre","ir_r1_k3_s2_e4_c24_nre ir_r1_k3_s1_e3_c24_nre","ir_r3_k5_s2_e3_c40_se0.25_nre","ir_r1_k3_s2_e6_c80 ir_r1_k3_s1_e2.5_c80 ir_r2_k3_s1_e2.3_c80","ir_r2_k3_s1_e6_c112_se0.25","ir_r3_k5_s2_e6_c160_se0.25","cn_r1_k1_s1_c960"]}
            mobilenetv3_large_100 {"like":"mobilenetv3_large_075","channel_multiplier":1}
            mobilenetv3_small_075 {"act_layer":"hard_swish","se_act":"relu","se_gate":"hard_sigmoid","se_from_exp":true,"stem_size":16,"last_pooled":true,"last_size":1024,"channel_multiplier":0.75,"block_args":["ds_r1_k3_s2_e1_c16_se0.25_nre","ir_r1_k3_s2_e4.5_c24_nre ir_r1_k3_s1_e3.67_c24_nre","ir_r1_k5_s2_e4_c40_se0.25 ir_r2_k5_s1_e6_c40_se0.25","ir_r2_k5_s1_e3_c48_se0.25","ir_r3_k5_s2_e6_c96_se0.25","cn_r1_k1_s1_c576"]}
            mobilenetv3_small_100 {"like":"mobilenetv3_small_075","channel_multiplier":1}
            tf_mobilenetv3_large_075 {"like":"mobilenetv3_large_075","pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_mobilenetv3_large_100 {"like":"mobilenetv3_large_075","channel_multiplier":1,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_mobilenetv3_small_075 {"like":"mobilenetv3_small_075","pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            tf_mobilenetv3_small_100 {"like":"mobilenetv3_small_075","channel_multiplier":1,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01}
            mobilenetv3_large_150d {"like":"mobilenetv3_large_075","channel_multiplier":1.5,"depth_multiplier":1.2}
            mobilenetv3_small_050 {"like":"mobilenetv3_small_075","fix_stem":true,"channel_multiplier":0.5}
            tf_mobilenetv3_large_minimal_100 {"act_layer":"relu","se_act":"relu","se_gate":"hard_sigmoid","se_from_exp":true,"stem_size":16,"last_pooled":true,"last_size":1280,"channel_multiplier":1,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01,"block_args":["ds_r1_k3_s1_e1_c16","ir_r1_k3_s2_e4_c24 ir_r1_k3_s1_e3_c24","ir_r3_k3_s2_e3_c40","ir_r1_k3_s2_e6_c80 ir_r1_k3_s1_e2.5_c80 ir_r2_k3_s1_e2.3_c80","ir_r2_k3_s1_e6_c112","ir_r3_k3_s2_e6_c160","cn_r1_k1_s1_c960"]}
            tf_mobilenetv3_small_minimal_100 {"act_layer":"relu","se_act":"relu","se_gate":"hard_sigmoid","se_from_exp":true,"stem_size":16,"last_pooled":true,"last_size":1024,"channel_multiplier":1,"pad_type":"same","bn_eps":0.001,"bn_momentum":0.01,"block_args":["ds_r1_k3_s2_e1_c16","ir_r1_k3_s2_e4.5_c24 ir_r1_k3_s1_e3.67_c24","ir_r1_k3_s2_e4_c40 ir_r2_k3_s1_e6_c40","ir_r2_k3_s1_e3_c48","ir_r3_k3_s2_e6_c96","cn_r1_k1_s1_c576"]}
            """;

    private static final MobileNetwork.Names NAMES =
            new MobileNetwork.Names(TimmMobileNets::keys, "conv_head", false, "classifier");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "timm/efficientnet",
                    "TimmEfficientNet",
                    MobileNetwork.Config::new,
                    (scope, config, head) -> MobileNetwork.build(scope, config, NAMES, head))
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier")
            .variants("timm", VARIANTS);

    private TimmMobileNets() {}

    private static Keys keys(Place p) {
        if (p.type().equals(MobileNetwork.STEM)) {
            return new Keys("conv_stem", "bn1");
        } else if (p.type().equals(MobileNetwork.LAST)) {
            return new Keys("conv_head", "bn2");
        }
        String block = "blocks." + p.stage() + "." + p.index() + ".";
        boolean expands = p.type().equals("ir");
        return switch (p.role()) {
            case SQUEEZE -> new Keys(block + "se.conv_reduce", block + "se.conv_expand");
            case SINGLE -> new Keys(block + "conv", block + "bn1");
            case EXPAND -> new Keys(block + (expands ? "conv_pw" : "conv_exp"), block + "bn1");
            case DEPTHWISE -> new Keys(block + "conv_dw", block + (expands ? "bn2" : "bn1"));
            case PROJECT ->
                new Keys(block + (p.type().equals("ds") ? "conv_pw" : "conv_pwl"), block + (expands ? "bn3" : "bn2"));
        };
    }
}
