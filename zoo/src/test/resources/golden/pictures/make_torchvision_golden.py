#!/usr/bin/env python3
"""Record what torchvision's detectors find with weights from the formula of make_vision_golden.py, WITHOUT storing any weights.

NAME/network.json    constructor and arguments, gain, every state-dict name with its shape, the 1-d entries that are norm weights
NAME/expected.json   for each picture the objects above a threshold that lies in a gap between scores
Weights: fmix(x) = murmur3's finalizer; u(name, i) = fmix(crc32(name) + i * 0x9E3779B9) / 2^32; s = 2u - 1; running_mean 0.1 s, running_var
1 + 0.5 u, two or more dimensions s sqrt(6 / fan_in) gain, norm weights 1 + 0.1 s, others 0.1 s.
Run: python make_torchvision_golden.py          Needs torch, torchvision, pillow.
"""
import json, os, zlib
import numpy as np, torch, torchvision
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
IMAGES = os.path.join(HERE, "..", "image", "images")
PICTURES = ["rgb-97x61.png", "rgb-300x200.png", "rgba-90x120.png"]
NETWORKS = {
    "ssdlite": ("ssdlite320_mobilenet_v3_large", {"num_classes": 6}, 0.97),
    "fasterrcnn": ("fasterrcnn_resnet50_fpn", {"num_classes": 4, "min_size": 96, "max_size": 150}, 0.7),
}


def unit(name, n):
    x = ((np.uint64(zlib.crc32(name.encode())) + np.arange(n, dtype=np.uint64) * np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x ^= x >> np.uint32(shift)
        x *= np.uint32(factor)
    x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 4294967296.0


def weight(name, shape, norm, gain):
    u = unit(name, int(np.prod(shape)))
    s = 2 * u - 1
    if name.endswith("running_var"):
        v = 1 + 0.5 * u
    elif len(shape) >= 2:
        v = s * np.sqrt(6.0 / np.prod(shape[1:])) * gain
    else:
        v = 1 + 0.1 * s if norm else 0.1 * s
    return torch.from_numpy(v.astype(np.float32)).reshape(shape)


for name, (constructor, arguments, gain) in NETWORKS.items():
    model = torchvision.models.get_model(constructor, weights=None, weights_backbone=None, **arguments).eval()
    norms = sorted(f"{n}.weight" for n, m in model.named_modules() if hasattr(m, "running_var"))
    state = model.state_dict()
    for key, value in state.items():
        if value.dtype.is_floating_point:
            value.copy_(weight(key, tuple(value.shape), key in norms, gain))
    found = {}
    for file in PICTURES:
        image = Image.open(os.path.join(IMAGES, file)).convert("RGB")
        pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1).float().div(255)
        with torch.no_grad():
            out = model([pixels])[0]
        scores = out["scores"].tolist()
        most = min(12, len(scores) - 1)
        gap = max(range(min(2, most - 1), most), key=lambda i: scores[i] - scores[i + 1])
        threshold = (scores[gap] + scores[gap + 1]) / 2
        rows = [{"label": f"LABEL_{l}", "score": s, "box": b} for s, l, b in zip(scores, out["labels"].tolist(), out["boxes"].tolist()) if s > threshold]
        found[file] = {"threshold": threshold, "objects": rows}
        print(name, file, len(scores), len(rows), [(r["label"], round(r["score"], 4), [round(v, 1) for v in r["box"]]) for r in rows[:4]])
    path = os.path.join(HERE, name)
    os.makedirs(path, exist_ok=True)
    json.dump({"pictures": found}, open(os.path.join(path, "expected.json"), "w"), indent=1)
    json.dump({"constructor": constructor, "arguments": arguments, "gain": gain, "norm_weights": norms, "state_dict": {k: list(v.shape) for k, v in state.items()}}, open(os.path.join(path, "network.json"), "w"))
