"""A full-size SqueezeNet 1.1 in a small .pth: each weight is a view whose rows overlap in a short storage. Needs torch, torchvision, pillow.

Run: python make.py
"""
import json

import numpy as np
import torch
import torchvision
from PIL import Image

torch.manual_seed(7)
net = torchvision.models.squeezenet1_1(weights=None).eval()
state = net.state_dict()
for name, weight in state.items():
    shape = list(weight.shape)
    strides = ([3, 2, 1, 1] if len(shape) == 4 else [1])[: len(shape)]
    length = 1 + sum((n - 1) * s for n, s in zip(shape, strides))
    fan = np.prod(shape[1:]) if len(shape) > 1 else 100
    storage = torch.randn(length) * (1.6 / fan) ** 0.5
    state[name] = torch.as_strided(storage, shape, strides)
torch.save(state, "squeezenet1_1.pth")
net.load_state_dict(torch.load("squeezenet1_1.pth"))
y, x = np.mgrid[0:300, 0:400]
picture = np.stack([x % 256, y % 256, (x * y // 64) % 256], 2).astype(np.uint8)
preset = torchvision.transforms._presets.ImageClassification(crop_size=224)
with torch.no_grad():
    scores = net(preset(Image.fromarray(picture)).unsqueeze(0)).softmax(1)[0]
labels = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.meta["categories"]
best = [[labels[i], scores[i].item()] for i in scores.argsort(descending=True)[:5]]
print(best)
json.dump(best, open("squeezenet1_1.json", "w"))

# The mask of a picture by LR-ASPP, whose weights are those of make_vision_golden.py; logits are interpolated to the picture's size.
import zlib


def unit(name, n):
    x = ((np.uint64(zlib.crc32(name.encode())) + np.arange(n, dtype=np.uint64) * np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x ^= x >> np.uint32(shift)
        x *= np.uint32(factor)
    x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 4294967296.0


recording = json.load(open("../../../../../golden/vision/torchvision-lraspp_mobilenet_v3_large.json"))
net = torchvision.models.get_model("lraspp_mobilenet_v3_large", weights=None, weights_backbone=None, num_classes=21).eval()
for key, value in net.state_dict().items():
    if value.dtype.is_floating_point:
        u = unit(key, value.numel())
        s = 2 * u - 1
        if key.endswith("running_var"):
            v = 1 + 0.5 * u
        elif value.dim() > 1:
            v = s * np.sqrt(6.0 / np.prod(value.shape[1:])) * recording["gain"]
        else:
            v = 1 + 0.1 * s if key in recording["norm_weights"] else 0.1 * s
        value.copy_(torch.from_numpy(v.astype(np.float32)).reshape(value.shape))
preset = torchvision.models.segmentation.LRASPP_MobileNet_V3_Large_Weights.DEFAULT.transforms()
picture = Image.open("../../../../../golden/image/images/rgb-97x61.png").convert("RGB")
with torch.no_grad():
    logits = net(preset(picture)[None])["out"]
mask = torch.nn.functional.interpolate(logits, picture.size[::-1], mode="bilinear")[0].argmax(0)
Image.fromarray(mask.numpy().astype(np.uint8)).save("lraspp_mobilenet_v3_large.png")
