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
