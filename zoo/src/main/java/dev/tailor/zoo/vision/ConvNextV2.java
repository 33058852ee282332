package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;

/**
 * ConvNeXt V2 (Woo et al. 2023, arXiv 2301.00808), after transformers' {@code modeling_convnextv2.py}: {@link ConvNext} with
 * global response normalisation.
 */
public final class ConvNextV2 {
    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "convnextv2",
                    "ConvNextV2",
                    json -> new ConvNext.Config(json, 0, true),
                    (scope, config, head) -> ConvNext.build(scope, config, head, "convnextv2"))
            .prefix("convnextv2")
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier");

    private ConvNextV2() {}
}
