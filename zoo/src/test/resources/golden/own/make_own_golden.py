#!/usr/bin/env python3
"""Record tiny random models of the variants that the other golden folders do not cover: the same layout as theirs.

Each folder has config.json, model.safetensors and golden.safetensors with the inputs ("in.*") and the outputs ("out.*") of one
forward call of transformers (float32, CPU, evaluation mode). Every parameter and buffer is random, so that no bias is zero and
no norm is the identity.
Run: python make_own_golden.py        Needs torch, transformers 5.18, safetensors. Writes beside itself.
"""
import pathlib
import shutil

import torch
import transformers as t
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def randomise(model, seed):
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=g)
            if p.dim() >= 2:
                p.copy_(noise * (1.5 / p[0].numel()) ** 0.5)
            else:
                p.copy_(0.2 * noise + (1 if "norm" in name.lower() and name.endswith("weight") else 0))
        for name, b in model.named_buffers():
            if name.endswith("running_mean"):
                b.copy_(0.2 * torch.randn(b.shape, generator=g))
            elif name.endswith("running_var"):
                b.copy_(0.7 + torch.rand(b.shape, generator=g))
    return model.eval()


def pixels(batch, height, width):
    return {"pixel_values": torch.randn(batch, 3, height, width, generator=torch.Generator().manual_seed(7))}


def tokens(vocabulary, segments):
    ids = torch.randint(1, vocabulary, (2, 9), generator=torch.Generator().manual_seed(7))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    types = torch.zeros_like(ids)
    types[:, 4:] = segments - 1
    return {"input_ids": ids * mask, "attention_mask": mask, "token_type_ids": types * mask}


def words(vocabulary, padding, length=9, **more):
    d = tokens(vocabulary, 1)
    ids, mask = d["input_ids"], d["attention_mask"]
    ids = torch.cat([ids] * (length // 9 + 1), 1)[:, :length].clamp(min=4)
    mask = torch.cat([torch.ones(2, length - 9, dtype=torch.long), mask], 1)
    return {"input_ids": torch.where(mask.bool(), ids, torch.full_like(ids, padding)), "attention_mask": mask, **more}


def record(name, model, inputs):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    with torch.no_grad():
        outputs = model(**inputs)
    tensors = {"in." + k: v.contiguous() for k, v in inputs.items()}
    tensors |= {"out." + k: v.contiguous().clone() for k, v in outputs.items() if torch.is_tensor(v) and v.dim() > 0}
    save_file(tensors, folder / "golden.safetensors")
    print(name, {k: tuple(v.shape) for k, v in tensors.items()})


def main():
    mobile = dict(depth_multiplier=0.01, num_labels=5, min_depth=8)
    for tf in (True, False):
        c = t.MobileNetV1Config(tf_padding=tf, **mobile)
        record(f"mobilenet-v1-{'tensorflow' if tf else 'plain'}-padding",
               randomise(t.MobileNetV1ForImageClassification(c), 11), pixels(2, 45, 34))
    c = t.MobileNetV1Config(tf_padding=True, hidden_act="relu", layer_norm_eps=0.01, depth_multiplier=0.02)
    record("mobilenet-v1-model", randomise(t.MobileNetV1Model(c), 12), pixels(1, 31, 40))
    resnet = dict(embedding_size=8, hidden_sizes=[16, 32], depths=[2, 1], num_labels=4, downsample_in_first_stage=True)
    c = t.ResNetConfig(layer_type="bottleneck", downsample_in_bottleneck=True, **resnet)
    record("resnet-downsample-in-bottleneck", randomise(t.ResNetForImageClassification(c), 13), pixels(2, 37, 50))
    c = t.ResNetConfig(layer_type="basic", hidden_act="gelu", embedding_size=8, hidden_sizes=[8, 16], depths=[2, 1],
                       num_labels=4)
    record("resnet-basic-same-width", randomise(t.ResNetForImageClassification(c), 14), pixels(1, 41, 33))
    vit = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, image_size=24, patch_size=8)
    record("vit-no-qkv-bias",
           randomise(t.ViTForImageClassification(t.ViTConfig(qkv_bias=False, num_labels=3, **vit)), 15), pixels(2, 24, 24))
    record("vit-model-no-pooler", randomise(t.ViTModel(t.ViTConfig(hidden_act="relu", **vit), add_pooling_layer=False), 16),
           pixels(1, 24, 24))
    bert = dict(vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24,
                max_position_embeddings=16)
    record("bert-gelu-new", randomise(t.BertForSequenceClassification(t.BertConfig(hidden_act="gelu_new", **bert)), 17),
           tokens(40, 2))
    record("bert-model-no-pooler", randomise(t.BertModel(t.BertConfig(**bert), add_pooling_layer=False), 18), tokens(40, 2))
    record("bert-one-segment", randomise(t.BertForTokenClassification(t.BertConfig(type_vocab_size=1, **bert)), 19),
           tokens(40, 1))
    record("bert-masked-lm-relu", randomise(t.BertForMaskedLM(t.BertConfig(hidden_act="relu", type_vocab_size=3, **bert)), 20),
           tokens(40, 3))
    texts(dict(bert, hidden_act="gelu"))


def texts(small):
    halves = torch.tensor([[0, 0, 0, 1, 1, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1, 0, 0, 0]])
    c = t.RobertaConfig(**{**small, "hidden_act": "silu"}, type_vocab_size=2, pad_token_id=3)
    record("roberta-two-segments", randomise(t.RobertaForTokenClassification(c), 21), words(40, 3, token_type_ids=halves))
    c = t.AlbertConfig(**{**small, "num_hidden_layers": 5}, embedding_size=6, num_hidden_groups=3, inner_group_num=2)
    record("albert-groups", randomise(t.AlbertForTokenClassification(c), 22), words(40, 0, token_type_ids=halves))
    c = t.ElectraConfig(**small, embedding_size=16, tie_word_embeddings=False)
    record("electra-generator", randomise(t.ElectraForMaskedLM(c), 23), words(40, 0))
    c = t.MPNetConfig(**{**small, "max_position_embeddings": 160})
    record("mpnet-long", randomise(t.MPNetForQuestionAnswering(c), 24), words(40, 1, length=150))
    modern = dict(vocab_size=40, hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=24,
                  max_position_embeddings=64, pad_token_id=0, cls_token_id=1, sep_token_id=2, bos_token_id=1, eos_token_id=2)
    c = t.ModernBertConfig(**modern, classifier_pooling="mean", norm_bias=True, attention_bias=True, mlp_bias=True,
                           classifier_bias=True, hidden_activation="silu", local_attention=8, global_attn_every_n_layers=2,
                           global_rope_theta=500.0, local_rope_theta=90.0)
    record("modernbert-mean-biases", randomise(t.ModernBertForSequenceClassification(c), 25), words(40, 0, length=20))
    c = t.DebertaV2Config(**small, relative_attention=True, pos_att_type="c2p|p2c", max_relative_positions=12,
                          position_buckets=5, norm_rel_ebd="layer_norm", conv_kernel_size=3, conv_groups=2, conv_act="gelu",
                          type_vocab_size=2, embedding_size=10, share_att_key=False)
    record("debertav2-convolution", randomise(t.DebertaV2ForMaskedLM(c), 26), words(40, 0, token_type_ids=halves))
    c = t.DebertaV2Config(**small, relative_attention=True, pos_att_type=["p2c"], share_att_key=True, legacy=False,
                          position_biased_input=False, max_relative_positions=4)
    record("debertav2-newer-head", randomise(t.DebertaV2ForMaskedLM(c), 27), words(40, 0))
    record("debertav2-absolute", randomise(t.DebertaV2ForSequenceClassification(t.DebertaV2Config(**small)), 28), words(40, 0))
    bart = dict(vocab_size=40, d_model=16, encoder_layers=1, decoder_layers=2, encoder_attention_heads=2,
                decoder_attention_heads=4, encoder_ffn_dim=24, decoder_ffn_dim=20, max_position_embeddings=16, pad_token_id=1,
                eos_token_id=2, decoder_start_token_id=3, forced_eos_token_id=None)
    c = t.BartConfig(**bart, scale_embedding=True, tie_word_embeddings=False)
    model = randomise(t.BartForConditionalGeneration(c), 29)
    model.final_logits_bias.copy_(torch.randn(1, 40, generator=torch.Generator().manual_seed(30)))
    record("bart-not-tied", model, words(40, 1))
    record("bart-model", randomise(t.BartModel(t.BartConfig(**bart, activation_function="relu")), 31), words(
        40, 1, decoder_input_ids=torch.tensor([[3, 9, 7, 30], [3, 8, 1, 1]]), decoder_attention_mask=torch.tensor(
            [[1, 1, 1, 1], [1, 1, 0, 0]])))


main()
