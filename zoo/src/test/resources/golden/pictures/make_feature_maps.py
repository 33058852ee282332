#!/usr/bin/env python3
"""Record the shape, the norm and some elements of each of transformers' hidden_states of a picture, for models of golden/hf.

Run: python make_feature_maps.py          Needs torch, transformers, pillow.
"""
import json, os
import numpy as np, torch
from PIL import Image
from transformers import AutoConfig, AutoModel

HERE = os.path.dirname(os.path.abspath(__file__))
picture = Image.open(os.path.join(HERE, "..", "image", "images", "rgb-97x61.png")).convert("RGB")
found = {}
for name in ("vit-model", "resnet-bottleneck", "swin", "convnext", "mobilevit"):
    folder = os.path.join(HERE, "..", "hf", name)
    size = getattr(AutoConfig.from_pretrained(folder), "image_size", 32)
    x = torch.from_numpy(np.array(picture.resize((size, size), Image.BILINEAR))).permute(2, 0, 1)[None].float() / 255
    with torch.no_grad():
        states = AutoModel.from_pretrained(folder).eval()(pixel_values=x, output_hidden_states=True).hidden_states
    rows = []
    for state in states:
        flat = state[0].double().flatten()
        n = flat.numel()
        rows.append({"shape": list(state.shape[1:]), "norm": flat.norm().item(), "at": [[i, flat[i].item()] for i in (0, n // 3, n // 2, n - 1)]})
    found[name] = {"size": size, "states": rows}
json.dump(found, open(os.path.join(HERE, "feature-maps.json"), "w"), indent=1)
