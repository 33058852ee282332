package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;

/** RegNet X and Y (Radosavovic et al. 2020, arXiv 2003.13678) as timm's {@code regnet.py} keeps them. */
public final class TimmRegNet {
    private static final String VARIANTS = """
            regnetx_002 {"w0":24,"wa":36.44,"wm":2.49,"group_size":8,"depth":13}
            regnetx_004 {"w0":24,"wa":24.48,"wm":2.54,"group_size":16,"depth":22}
            regnetx_004_tv {"w0":24,"wa":24.48,"wm":2.54,"group_size":16,"depth":22,"group_min_ratio":0.9}
            regnetx_006 {"w0":48,"wa":36.97,"wm":2.24,"group_size":24,"depth":16}
            regnetx_008 {"w0":56,"wa":35.73,"wm":2.28,"group_size":16,"depth":16}
            regnetx_016 {"w0":80,"wa":34.01,"wm":2.25,"group_size":24,"depth":18}
            regnetx_032 {"w0":88,"wa":26.31,"wm":2.25,"group_size":48,"depth":25}
            regnetx_040 {"w0":96,"wa":38.65,"wm":2.43,"group_size":40,"depth":23}
            regnetx_064 {"w0":184,"wa":60.83,"wm":2.07,"group_size":56,"depth":17}
            regnetx_080 {"w0":80,"wa":49.56,"wm":2.88,"group_size":120,"depth":23}
            regnetx_120 {"w0":168,"wa":73.36,"wm":2.37,"group_size":112,"depth":19}
            regnetx_160 {"w0":216,"wa":55.59,"wm":2.1,"group_size":128,"depth":22}
            regnetx_320 {"w0":320,"wa":69.86,"wm":2.0,"group_size":168,"depth":23}
            regnety_002 {"w0":24,"wa":36.44,"wm":2.49,"group_size":8,"depth":13,"se_ratio":0.25}
            regnety_004 {"w0":48,"wa":27.89,"wm":2.09,"group_size":8,"depth":16,"se_ratio":0.25}
            regnety_006 {"w0":48,"wa":32.54,"wm":2.32,"group_size":16,"depth":15,"se_ratio":0.25}
            regnety_008 {"w0":56,"wa":38.84,"wm":2.4,"group_size":16,"depth":14,"se_ratio":0.25}
            regnety_008_tv {"w0":56,"wa":38.84,"wm":2.4,"group_size":16,"depth":14,"se_ratio":0.25,"group_min_ratio":0.9}
            regnety_016 {"w0":48,"wa":20.71,"wm":2.65,"group_size":24,"depth":27,"se_ratio":0.25}
            regnety_032 {"w0":80,"wa":42.63,"wm":2.66,"group_size":24,"depth":21,"se_ratio":0.25}
            regnety_040 {"w0":96,"wa":31.41,"wm":2.24,"group_size":64,"depth":22,"se_ratio":0.25}
            regnety_064 {"w0":112,"wa":33.22,"wm":2.27,"group_size":72,"depth":25,"se_ratio":0.25}
            regnety_080 {"w0":192,"wa":76.82,"wm":2.19,"group_size":56,"depth":17,"se_ratio":0.25}
            regnety_080_tv {"w0":192,"wa":76.82,"wm":2.19,"group_size":56,"depth":17,"se_ratio":0.25,"group_min_ratio":0.9}
            regnety_120 {"w0":168,"wa":73.36,"wm":2.37,"group_size":112,"depth":19,"se_ratio":0.25}
            regnety_160 {"w0":200,"wa":106.23,"wm":2.48,"group_size":112,"depth":18,"se_ratio":0.25}
            regnety_320 {"w0":232,"wa":115.89,"wm":2.53,"group_size":232,"depth":20,"se_ratio":0.25}
            regnety_640 {"w0":352,"wa":147.48,"wm":2.4,"group_size":328,"depth":20,"se_ratio":0.25}
            regnety_1280 {"w0":456,"wa":160.83,"wm":2.52,"group_size":264,"depth":27,"se_ratio":0.25}
            regnety_2560 {"w0":640,"wa":230.83,"wm":2.53,"group_size":373,"depth":27,"se_ratio":0.25}
            """;

    private static final TorchRegNet.Names NAMES = new TorchRegNet.Names(
            "stem.", "s%d.b%d.", 1, "conv", "bn", "conv1.", "conv2.", "se.", "conv3.", "downsample.", "head.fc");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "timm/regnet",
                    "TimmRegNet",
                    TorchRegNet.Config::new,
                    (scope, config, head) -> TorchRegNet.build(scope, config, NAMES, head))
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("head.fc")
            .variants("timm", VARIANTS);

    private TimmRegNet() {}
}
