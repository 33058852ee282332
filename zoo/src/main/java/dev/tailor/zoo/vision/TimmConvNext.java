package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;

/** ConvNeXt (Liu et al. 2022, arXiv 2201.03545) and ConvNeXt v2 (Woo et al. 2023, arXiv 2301.00808) as timm's {@code convnext.py} keeps them. */
public final class TimmConvNext {
    private static final String VARIANTS = """
            convnext_atto {"depths":[2,2,6,2],"dims":[40,80,160,320],"conv_mlp":true}
            convnext_atto_ols {"depths":[2,2,6,2],"dims":[40,80,160,320],"conv_mlp":true,"stem_type":"overlap_tiered"}
            convnext_femto {"depths":[2,2,6,2],"dims":[48,96,192,384],"conv_mlp":true}
            convnext_femto_ols {"depths":[2,2,6,2],"dims":[48,96,192,384],"conv_mlp":true,"stem_type":"overlap_tiered"}
            convnext_pico {"depths":[2,2,6,2],"dims":[64,128,256,512],"conv_mlp":true}
            convnext_pico_ols {"depths":[2,2,6,2],"dims":[64,128,256,512],"conv_mlp":true,"stem_type":"overlap_tiered"}
            convnext_nano {"depths":[2,2,8,2],"dims":[80,160,320,640],"conv_mlp":true}
            convnext_nano_ols {"depths":[2,2,8,2],"dims":[80,160,320,640],"conv_mlp":true,"stem_type":"overlap"}
            convnext_tiny_hnf {"depths":[3,3,9,3],"dims":[96,192,384,768],"conv_mlp":true,"head_norm_first":true}
            convnext_tiny {"depths":[3,3,9,3],"dims":[96,192,384,768]}
            convnext_small {"depths":[3,3,27,3],"dims":[96,192,384,768]}
            convnext_base {"depths":[3,3,27,3],"dims":[128,256,512,1024]}
            convnext_large {"depths":[3,3,27,3],"dims":[192,384,768,1536]}
            convnext_large_mlp {"depths":[3,3,27,3],"dims":[192,384,768,1536],"head_hidden_size":1536}
            convnext_xlarge {"depths":[3,3,27,3],"dims":[256,512,1024,2048]}
            convnext_xxlarge {"depths":[3,4,30,3],"dims":[384,768,1536,3072],"norm_eps":1e-5}
            convnextv2_atto {"depths":[2,2,6,2],"dims":[40,80,160,320],"conv_mlp":true,"use_grn":true}
            convnextv2_femto {"depths":[2,2,6,2],"dims":[48,96,192,384],"conv_mlp":true,"use_grn":true}
            convnextv2_pico {"depths":[2,2,6,2],"dims":[64,128,256,512],"conv_mlp":true,"use_grn":true}
            convnextv2_nano {"depths":[2,2,8,2],"dims":[80,160,320,640],"conv_mlp":true,"use_grn":true}
            convnextv2_tiny {"depths":[3,3,9,3],"dims":[96,192,384,768],"use_grn":true}
            convnextv2_small {"depths":[3,3,27,3],"dims":[96,192,384,768],"use_grn":true}
            convnextv2_base {"depths":[3,3,27,3],"dims":[128,256,512,1024],"use_grn":true}
            convnextv2_large {"depths":[3,3,27,3],"dims":[192,384,768,1536],"use_grn":true}
            convnextv2_huge {"depths":[3,3,27,3],"dims":[352,704,1408,2816],"use_grn":true}
            """;

    private static final TorchConvNext.Names NAMES = new TorchConvNext.Names(
            "stem.0",
            "stem.1",
            "stages.",
            0,
            1,
            ".blocks.",
            0,
            ".downsample.",
            "gamma",
            "conv_dw",
            "norm",
            "mlp.fc1",
            "mlp.fc2",
            "head.norm",
            "head.fc");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "timm/convnext",
                    "TimmConvNext",
                    TorchConvNext.Config::new,
                    (scope, config, head) -> TorchConvNext.build(scope, config, NAMES, head))
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("head.fc")
            .variants("timm", VARIANTS);

    private TimmConvNext() {}
}
