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


main()
