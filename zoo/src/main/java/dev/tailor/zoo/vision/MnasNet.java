package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.zoo.nn.MobileBlock.Keys;
import dev.tailor.zoo.nn.MobileBlock.Place;
import dev.tailor.zoo.nn.MobileBlock.Role;

/** MNASNet B1 (Tan et al. 2018, arXiv 1807.11626), after torchvision's {@code mnasnet.py}. */
public final class MnasNet {
    private static final String BLOCKS = """
            {"drop_rate":0.2,"bn_momentum":0.0003,"channel_multiplier":%s,"block_args":["ds_r1_k3_s1_c16_noskip","ir_r3_k3_s2_e3_c24","ir_r3_k5_s2_e3_c40","ir_r3_k5_s2_e6_c80","ir_r2_k3_s1_e6_c96","ir_r4_k5_s2_e6_c192","ir_r1_k3_s1_e6_c320"]}
            """;

    private static final MobileNetwork.Names NAMES = new MobileNetwork.Names(MnasNet::keys, "", false, "classifier.1");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "torchvision/mnasnet",
                    "TorchvisionMnasNet",
                    MobileNetwork.Config::new,
                    (scope, config, head) -> MobileNetwork.build(scope, config, NAMES, head))
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("classifier")
            .variants("torchvision", "mnasnet0_5 " + String.format(BLOCKS, "0.5"))
            .variants("torchvision", "mnasnet0_75 " + String.format(BLOCKS, "0.75"))
            .variants("torchvision", "mnasnet1_0 " + String.format(BLOCKS, "1.0"))
            .variants("torchvision", "mnasnet1_3 " + String.format(BLOCKS, "1.3"));

    private MnasNet() {}

    /** Stem, first block and last layer lie flat in one list with their activations; the stacks are its parts 8 to 13. */
    private static Keys keys(Place p) {
        if (p.role() == Role.SQUEEZE) {
            throw new IllegalArgumentException("MNASNet B1 has no squeeze and excitation");
        }
        boolean flat = p.stage() == 0;
        if (p.type().equals(MobileNetwork.STEM)) {
            return pair("layers.", 0);
        } else if (p.type().equals(MobileNetwork.LAST)) {
            return pair("layers.", 7 + p.stage());
        }
        return flat
                ? pair("layers.", 3 + 3 * p.position())
                : pair("layers." + (7 + p.stage()) + "." + p.index() + ".layers.", 3 * p.position());
    }

    private static Keys pair(String path, int number) {
        return new Keys(path + number, path + (number + 1));
    }
}
