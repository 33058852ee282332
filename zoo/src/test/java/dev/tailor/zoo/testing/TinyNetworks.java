package dev.tailor.zoo.testing;

import java.util.Map;
import java.util.Optional;

/** Small configs of the families that torchvision and timm know by the names of whole networks. */
public final class TinyNetworks {
    private static final String MOBILE = "\"num_classes\": 2, \"stem_size\": 8, \"last_size\": 16, \"block_args\":"
            + " [\"ds_r1_k3_s1_c8\", \"ir_r2_k3_s2_e2_c8%s\"]";

    private static final String PLAIN = String.format(MOBILE, "");
    private static final String SQUEEZED = String.format(MOBILE, "_se0.25");

    private static final Map<String, String> CONFIGS = Map.ofEntries(
            Map.entry("torchvision/resnet", "\"layers\": [1, 2], \"channels\": [8, 16], \"avg_down\": true"),
            Map.entry("torchvision/mobilenet_v2", PLAIN),
            Map.entry("torchvision/mobilenet_v3", SQUEEZED + ", \"last_pooled\": true, \"act_layer\": \"hard_swish\""),
            Map.entry("torchvision/mnasnet", PLAIN),
            Map.entry("torchvision/efficientnet", SQUEEZED + ", \"act_layer\": \"silu\""),
            Map.entry("timm/efficientnet", SQUEEZED + ", \"last_pooled\": true, \"pad_type\": \"same\""),
            Map.entry("torchvision/alexnet", "\"hidden_size\": 16"),
            Map.entry(
                    "torchvision/vgg",
                    "\"hidden_size\": 16, \"depths\": [1, 1], \"widths\": [8, 8], \"batch_norm\": true, \"drop_rate\": 0"),
            Map.entry("torchvision/squeezenet", "\"drop_rate\": 0"),
            Map.entry("torchvision/densenet", "\"block_config\": [2, 2], \"growth_rate\": 8, \"num_init_features\": 8"),
            Map.entry("torchvision/shufflenet_v2", "\"depths\": [2, 2], \"widths\": [8, 16, 16, 16]"),
            Map.entry("torchvision/googlenet", "\"transform_input\": true"),
            Map.entry("torchvision/inception_v3", "\"transform_input\": true"),
            Map.entry(
                    "torchvision/segmentation",
                    "\"decoder\": \"deeplabv3\", \"layers\": [1, 1, 1], \"channels\": [8, 8, 8]"),
            Map.entry(
                    "torchvision/ssdlite",
                    "\"stem_size\": 8, \"last_pooled\": true, \"block_args\": [\"ds_r1_k3_s1_c8\", \"ds_r1_k3_s2_c8\","
                            + " \"ds_r1_k3_s1_c8\", \"ds_r1_k3_s1_c8\", \"ds_r1_k3_s1_c8\", \"ds_r1_k3_s1_c8\","
                            + " \"cn_r1_k1_s1_c16\", \"ds_r1_k3_s2_c8\"]"),
            Map.entry(
                    "torchvision/fasterrcnn",
                    "\"layers\": [1, 1, 1, 1], \"channels\": [8, 8, 8, 8], \"out_channels\": 8, \"representation_size\": 8"),
            Map.entry("ultraface", ""),
            Map.entry(
                    "torchvision/regnet",
                    "\"w0\": 8, \"wa\": 8, \"wm\": 2.0, \"depth\": 3, \"group_size\": 8, \"se_ratio\": 0.25"),
            Map.entry("timm/regnet", "\"w0\": 8, \"wa\": 8, \"wm\": 2.0, \"depth\": 3, \"group_size\": 4"),
            Map.entry(
                    "torchvision/vit",
                    "\"img_size\": 32, \"patch_size\": 16, \"embed_dim\": 16, \"depth\": 2, \"num_heads\": 2"),
            Map.entry(
                    "timm/vit",
                    "\"img_size\": 32, \"patch_size\": 16, \"embed_dim\": 16, \"depth\": 2, \"num_heads\": 2,"
                            + " \"reg_tokens\": 2, \"init_values\": 1, \"global_pool\": \"avg\""),
            Map.entry("torchvision/swin", "\"embed_dim\": 8, \"depths\": [2, 2], \"num_heads\": [2, 2]"),
            Map.entry(
                    "torchvision/swin_v2",
                    "\"embed_dim\": 16, \"depths\": [2, 2], \"num_heads\": [2, 2], \"drop_path_rate\": 0"),
            Map.entry("torchvision/convnext", "\"depths\": [1, 1], \"dims\": [8, 16]"),
            Map.entry(
                    "timm/convnext",
                    "\"depths\": [1, 1], \"dims\": [8, 16], \"conv_mlp\": true, \"use_grn\": true,"
                            + " \"stem_type\": \"overlap_tiered\""),
            Map.entry("timm/mlp_mixer", "\"img_size\": 32, \"patch_size\": 16, \"embed_dim\": 16, \"num_blocks\": 2"));

    private TinyNetworks() {}

    /** The config of a family, if it is one of these. */
    public static Optional<String> config(String modelType) {
        return Optional.ofNullable(CONFIGS.get(modelType)).map(keys -> {
            String classes = keys.contains("num_classes") ? "" : ", \"num_classes\": 2";
            return "{\"model_type\": \"" + modelType + "\"" + classes + (keys.isEmpty() ? "" : ", " + keys) + "}";
        });
    }

    /** Height and width that a network needs at least, with room for what it does to a picture. */
    public static int side(String modelType) {
        return switch (modelType) {
            case "torchvision/alexnet" -> 67;
            case "torchvision/inception_v3" -> 79;
            default -> 45;
        };
    }
}
