package dev.tailor.zoo.vision;

import dev.tailor.program.Architecture;
import dev.tailor.program.Head;

/**
 * Vision transformers as timm's {@code vision_transformer.py} and {@code deit.py} keep them (Dosovitskiy et al. 2020, arXiv 2010.11929;
 * Touvron et al. 2020, arXiv 2012.12877): query, key and value are one layer.
 */
public final class TimmVit {
    private static final String VARIANTS = """
            vit_tiny_patch16_224 {"patch_size":16,"embed_dim":192,"depth":12,"num_heads":3}
            vit_tiny_patch16_384 {"patch_size":16,"embed_dim":192,"depth":12,"num_heads":3,"img_size":384}
            vit_small_patch32_224 {"patch_size":32,"embed_dim":384,"depth":12,"num_heads":6}
            vit_small_patch32_384 {"patch_size":32,"embed_dim":384,"depth":12,"num_heads":6,"img_size":384}
            vit_small_patch16_224 {"patch_size":16,"embed_dim":384,"depth":12,"num_heads":6}
            vit_small_patch16_384 {"patch_size":16,"embed_dim":384,"depth":12,"num_heads":6,"img_size":384}
            vit_small_patch8_224 {"patch_size":8,"embed_dim":384,"depth":12,"num_heads":6}
            vit_base_patch32_224 {"patch_size":32,"embed_dim":768,"depth":12,"num_heads":12}
            vit_base_patch32_384 {"patch_size":32,"embed_dim":768,"depth":12,"num_heads":12,"img_size":384}
            vit_base_patch16_224 {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12}
            vit_base_patch16_384 {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12,"img_size":384}
            vit_base_patch8_224 {"patch_size":8,"embed_dim":768,"depth":12,"num_heads":12}
            vit_large_patch32_224 {"patch_size":32,"embed_dim":1024,"depth":24,"num_heads":16}
            vit_large_patch32_384 {"patch_size":32,"embed_dim":1024,"depth":24,"num_heads":16,"img_size":384}
            vit_large_patch16_224 {"patch_size":16,"embed_dim":1024,"depth":24,"num_heads":16}
            vit_large_patch16_384 {"patch_size":16,"embed_dim":1024,"depth":24,"num_heads":16,"img_size":384}
            vit_large_patch14_224 {"patch_size":14,"embed_dim":1024,"depth":24,"num_heads":16}
            vit_huge_patch14_224 {"patch_size":14,"embed_dim":1280,"depth":32,"num_heads":16}
            vit_giant_patch14_224 {"patch_size":14,"embed_dim":1408,"mlp_ratio":4.363636363636363,"depth":40,"num_heads":16}
            vit_gigantic_patch14_224 {"patch_size":14,"embed_dim":1664,"mlp_ratio":4.923076923076923,"depth":48,"num_heads":16}
            vit_base_patch16_224_miil {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12,"qkv_bias":false}
            vit_base_patch32_plus_256 {"patch_size":32,"embed_dim":896,"depth":12,"num_heads":14,"init_values":1e-05,"img_size":256}
            vit_base_patch16_plus_240 {"patch_size":16,"embed_dim":896,"depth":12,"num_heads":14,"init_values":1e-05,"img_size":240}
            vit_small_patch16_36x1_224 {"patch_size":16,"embed_dim":384,"depth":36,"num_heads":6,"init_values":1e-05}
            eva_large_patch14_196 {"patch_size":14,"embed_dim":1024,"depth":24,"num_heads":16,"global_pool":"avg","img_size":196}
            eva_large_patch14_336 {"patch_size":14,"embed_dim":1024,"depth":24,"num_heads":16,"global_pool":"avg","img_size":336}
            flexivit_small {"patch_size":16,"embed_dim":384,"depth":12,"num_heads":6,"no_embed_class":true,"img_size":240}
            flexivit_base {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12,"no_embed_class":true,"img_size":240}
            flexivit_large {"patch_size":16,"embed_dim":1024,"depth":24,"num_heads":16,"no_embed_class":true,"img_size":240}
            vit_small_patch14_dinov2 {"patch_size":14,"embed_dim":384,"depth":12,"num_heads":6,"init_values":1e-05,"img_size":518}
            vit_base_patch14_dinov2 {"patch_size":14,"embed_dim":768,"depth":12,"num_heads":12,"init_values":1e-05,"img_size":518}
            vit_large_patch14_dinov2 {"patch_size":14,"embed_dim":1024,"depth":24,"num_heads":16,"init_values":1e-05,"img_size":518}
            vit_small_patch14_reg4_dinov2 {"patch_size":14,"embed_dim":384,"depth":12,"num_heads":6,"init_values":1e-05,"reg_tokens":4,"no_embed_class":true,"img_size":518}
            vit_base_patch14_reg4_dinov2 {"patch_size":14,"embed_dim":768,"depth":12,"num_heads":12,"init_values":1e-05,"reg_tokens":4,"no_embed_class":true,"img_size":518}
            vit_large_patch14_reg4_dinov2 {"patch_size":14,"embed_dim":1024,"depth":24,"num_heads":16,"init_values":1e-05,"reg_tokens":4,"no_embed_class":true,"img_size":518}
            vit_base_patch14_reg1_tipsv2 {"patch_size":14,"embed_dim":768,"depth":12,"num_heads":12,"init_values":1.0,"reg_tokens":1,"no_embed_class":true,"img_size":448}
            vit_large_patch14_reg1_tipsv2 {"patch_size":14,"embed_dim":1024,"depth":24,"num_heads":16,"init_values":1.0,"reg_tokens":1,"no_embed_class":true,"img_size":448}
            vit_so400m_patch14_reg1_tipsv2 {"patch_size":14,"embed_dim":1152,"depth":27,"num_heads":16,"init_values":1.0,"mlp_ratio":3.736111111111111,"reg_tokens":1,"no_embed_class":true,"img_size":448}
            vit_wee_patch16_reg1_gap_256 {"patch_size":16,"embed_dim":256,"depth":14,"num_heads":4,"init_values":1e-05,"mlp_ratio":5,"class_token":false,"no_embed_class":true,"reg_tokens":1,"global_pool":"avg","img_size":256}
            vit_little_patch16_reg1_gap_256 {"patch_size":16,"embed_dim":320,"depth":14,"num_heads":5,"init_values":1e-05,"mlp_ratio":5.6,"class_token":false,"no_embed_class":true,"reg_tokens":1,"global_pool":"avg","img_size":256}
            vit_little_patch16_reg4_gap_256 {"patch_size":16,"embed_dim":320,"depth":14,"num_heads":5,"init_values":1e-05,"mlp_ratio":5.6,"class_token":false,"no_embed_class":true,"reg_tokens":4,"global_pool":"avg","img_size":256}
            vit_medium_patch16_reg1_gap_256 {"patch_size":16,"embed_dim":512,"depth":12,"num_heads":8,"init_values":1e-05,"class_token":false,"no_embed_class":true,"reg_tokens":1,"global_pool":"avg","img_size":256}
            vit_medium_patch16_reg4_gap_256 {"patch_size":16,"embed_dim":512,"depth":12,"num_heads":8,"init_values":1e-05,"class_token":false,"no_embed_class":true,"reg_tokens":4,"global_pool":"avg","img_size":256}
            vit_mediumd_patch16_reg4_gap_256 {"patch_size":16,"embed_dim":512,"depth":20,"num_heads":8,"init_values":1e-05,"class_token":false,"no_embed_class":true,"reg_tokens":4,"global_pool":"avg","img_size":256}
            vit_mediumd_patch16_reg4_gap_384 {"patch_size":16,"embed_dim":512,"depth":20,"num_heads":8,"init_values":1e-05,"class_token":false,"no_embed_class":true,"reg_tokens":4,"global_pool":"avg","img_size":384}
            vit_betwixt_patch16_reg1_gap_256 {"patch_size":16,"embed_dim":640,"depth":12,"num_heads":10,"init_values":1e-05,"class_token":false,"no_embed_class":true,"reg_tokens":1,"global_pool":"avg","img_size":256}
            vit_betwixt_patch16_reg4_gap_256 {"patch_size":16,"embed_dim":640,"depth":12,"num_heads":10,"init_values":1e-05,"class_token":false,"no_embed_class":true,"reg_tokens":4,"global_pool":"avg","img_size":256}
            vit_betwixt_patch16_reg4_gap_384 {"patch_size":16,"embed_dim":640,"depth":12,"num_heads":10,"init_values":1e-05,"class_token":false,"no_embed_class":true,"reg_tokens":4,"global_pool":"avg","img_size":384}
            vit_base_patch16_reg4_gap_256 {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12,"class_token":false,"no_embed_class":true,"global_pool":"avg","reg_tokens":4,"img_size":256}
            vit_so150m2_patch16_reg1_gap_256 {"patch_size":16,"embed_dim":832,"depth":21,"num_heads":13,"mlp_ratio":2.6153846153846154,"init_values":1e-05,"qkv_bias":false,"class_token":false,"reg_tokens":1,"global_pool":"avg","img_size":256}
            vit_so150m2_patch16_reg1_gap_384 {"patch_size":16,"embed_dim":832,"depth":21,"num_heads":13,"mlp_ratio":2.6153846153846154,"init_values":1e-05,"qkv_bias":false,"class_token":false,"reg_tokens":1,"global_pool":"avg","img_size":384}
            vit_so150m2_patch16_reg1_gap_448 {"patch_size":16,"embed_dim":832,"depth":21,"num_heads":13,"mlp_ratio":2.6153846153846154,"init_values":1e-05,"qkv_bias":false,"class_token":false,"reg_tokens":1,"global_pool":"avg","img_size":448}
            deit_tiny_patch16_224 {"patch_size":16,"embed_dim":192,"depth":12,"num_heads":3}
            deit_tiny_distilled_patch16_224 {"patch_size":16,"embed_dim":192,"depth":12,"num_heads":3,"distilled":true}
            deit_small_patch16_224 {"patch_size":16,"embed_dim":384,"depth":12,"num_heads":6}
            deit_small_distilled_patch16_224 {"patch_size":16,"embed_dim":384,"depth":12,"num_heads":6,"distilled":true}
            deit_base_patch16_224 {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12}
            deit_base_patch16_384 {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12,"img_size":384}
            deit_base_distilled_patch16_224 {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12,"distilled":true}
            deit_base_distilled_patch16_384 {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12,"distilled":true,"img_size":384}
            deit3_small_patch16_224 {"patch_size":16,"embed_dim":384,"depth":12,"num_heads":6,"no_embed_class":true,"init_values":1e-06}
            deit3_small_patch16_384 {"patch_size":16,"embed_dim":384,"depth":12,"num_heads":6,"no_embed_class":true,"init_values":1e-06,"img_size":384}
            deit3_medium_patch16_224 {"patch_size":16,"embed_dim":512,"depth":12,"num_heads":8,"no_embed_class":true,"init_values":1e-06}
            deit3_base_patch16_224 {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12,"no_embed_class":true,"init_values":1e-06}
            deit3_base_patch16_384 {"patch_size":16,"embed_dim":768,"depth":12,"num_heads":12,"no_embed_class":true,"init_values":1e-06,"img_size":384}
            deit3_large_patch16_224 {"patch_size":16,"embed_dim":1024,"depth":24,"num_heads":16,"no_embed_class":true,"init_values":1e-06}
            deit3_large_patch16_384 {"patch_size":16,"embed_dim":1024,"depth":24,"num_heads":16,"no_embed_class":true,"init_values":1e-06,"img_size":384}
            deit3_huge_patch14_224 {"patch_size":14,"embed_dim":1280,"depth":32,"num_heads":16,"no_embed_class":true,"init_values":1e-06}
            """;

    private static final TorchVit.Names NAMES = new TorchVit.Names(
            "cls_token",
            "pos_embed",
            "patch_embed.proj",
            "blocks.%d.",
            "norm1",
            "attn.qkv.weight",
            "attn.qkv.bias",
            "attn.proj",
            "norm2",
            "mlp.fc1",
            "mlp.fc2",
            "norm",
            "head");

    /** The family. */
    public static final Architecture ARCHITECTURE = Architecture.of(
                    "timm/vit",
                    "TimmVit",
                    TorchVit.Config::new,
                    (scope, config, head) -> TorchVit.build(scope, config, NAMES, head))
            .heads(Head.IMAGE_CLASSIFICATION)
            .headKeys("head", "head_dist")
            .variants("timm", VARIANTS);

    private TimmVit() {}
}
