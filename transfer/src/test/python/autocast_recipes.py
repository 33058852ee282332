"""Records the losses of three recipes of golden/training with torch.autocast("cpu", torch.bfloat16) around the forward pass.

Run: python autocast_recipes.py GOLDEN OUT.json     GOLDEN holds make_training_golden.py and hf/; needs torch, transformers, peft.
"""
import json
import os
import sys

import torch
import transformers

golden, out = sys.argv[1:]
# The recording script's own data and loop, up to its main, with autocast around the model.
source = open(os.path.join(golden, "make_training_golden.py")).read().split("def main():")[0]
call = "loss = torch.nn.functional.cross_entropy(model(**x).logits, y"
assert call in source
source = source.replace(call, "loss = torch.nn.functional.cross_entropy(narrow(model, x).float(), y")
exec(source)


def narrow(model, x):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return model(**x).logits


def load(name, kind):
    model = kind.from_pretrained(os.path.join(golden, "hf", name))
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    for key, value in list(vars(model.config).items()):
        if "dropout" in key and isinstance(value, float):
            setattr(model.config, key, 0.0)
    return model


def groups(model):
    named = list(model.named_parameters())
    return [
        {"params": [p for n, p in named if not no_decay(n)], "weight_decay": 0.01},
        {"params": [p for n, p in named if no_decay(n)], "weight_decay": 0.0},
    ]


recipe = {"optimizer": "adamw", "lr": 1e-3, "weight_decay": 0.01, "schedule": "linear", "warmup": 3, "steps": 12, "batch": 8, "clip": 1.0, "classes": 3}
text = transformers.AutoModelForSequenceClassification
image = transformers.AutoModelForImageClassification
log = {}
for name, folder, kind, data, extra in [
    ("bert-full", "bert-forsequenceclassification", text, "text", {"vocab": 120}),
    ("vit-full", "vit", image, "image", {"image": (3, 32, 32)}),
    ("resnet-basic-full", "resnet-basic", image, "image", {"image": (3, 48, 48)}),
]:
    model = load(folder, kind)
    steps, _ = train(model, dict(recipe), groups(model), data, extra)
    log[name] = [{"loss": s["loss"], "grad_norm": s["grad_norm"]} for s in steps]
with open(out, "w") as file:
    json.dump({"torch": torch.__version__, "log": log}, file, indent=1)
