"""Records what transformers does when it trains for semantic segmentation, step by step, for SegmentationTrainingTest.

Data come from the formula of the nine recipes (unit): pixel_values = 3 * u("pixels", k) - 1.5 and labels = floor(3.5 * u("masks", k)),
where 3 becomes 255, the id that does not count. No dropout and no dropped paths. SGD with momentum, decay on all but biases and norms:
AdamW would blow up the noise of biases whose gradient is zero, because a norm follows, to whole steps.

    python segmentation_training.py MODEL_FOLDER OUT
writes OUT.json (the loss before each update, the gradients' norm before clipping, the learning rate; the evaluation of the probe
by the definition of mean_iou in the library evaluate) and OUT.safetensors (logits of a probe batch, some of the weights).
"""

import json
import sys
import zlib

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import AutoModelForSemanticSegmentation

STEPS, BATCH, SIDE, LABELS, RATE = 8, 4, 64, 3, 0.1


def unit(name, start, count):
    i = np.arange(start, start + count, dtype=np.uint64)
    x = ((np.uint64(zlib.crc32(name.encode())) + i * np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 4294967296.0


def batch(step):
    n = BATCH * 3 * SIDE * SIDE
    pixels = (3 * unit("pixels", step * n, n) - 1.5).astype(np.float32).reshape(BATCH, 3, SIDE, SIDE)
    n = BATCH * SIDE * SIDE
    masks = np.floor(3.5 * unit("masks", step * n, n)).astype(np.int64).reshape(BATCH, SIDE, SIDE)
    masks[masks == 3] = 255
    return torch.from_numpy(pixels), torch.from_numpy(masks)


def mean_iou(found, truth):
    counts = truth != 255
    found, truth = found[counts], truth[counts]
    both = np.array([((found == c) & (truth == c)).sum() for c in range(LABELS)], dtype=float)
    real = np.array([(truth == c).sum() for c in range(LABELS)], dtype=float)
    answered = np.array([(found == c).sum() for c in range(LABELS)], dtype=float)
    return {
        "mean_iou": np.nanmean(both / (real + answered - both)),
        "mean_accuracy": np.nanmean(both / real),
        "pixel_accuracy": both.sum() / real.sum(),
    }


model = AutoModelForSemanticSegmentation.from_pretrained(
    sys.argv[1],
    drop_path_rate=0.0,
    classifier_dropout_prob=0.0,
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
)
named = list(model.named_parameters())
plain = [p for n, p in named if n.endswith("bias") or "norm" in n]
decayed = [p for n, p in named if not (n.endswith("bias") or "norm" in n)]
recipe = {"lr": RATE, "momentum": 0.9, "weight_decay": 0.01, "warmup": 2, "steps": STEPS, "clip": 1.0, "batch": BATCH, "side": SIDE}
optimizer = torch.optim.SGD(
    [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=RATE, momentum=0.9
)
log = []
for step in range(STEPS):
    rate = RATE * (step / 2 if step < 2 else (STEPS - step) / (STEPS - 2))
    for group in optimizer.param_groups:
        group["lr"] = rate
    model.train()
    optimizer.zero_grad()
    pixels, masks = batch(step)
    loss = model(pixel_values=pixels, labels=masks).loss
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_([p for _, p in named], 1.0).item()
    log.append({"loss": loss.item(), "grad_norm": norm, "lr": rate})
    optimizer.step()
model.eval()
pixels, masks = batch(STEPS)
with torch.no_grad():
    output = model(pixel_values=pixels, labels=masks)
large = torch.nn.functional.interpolate(output.logits, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
state = model.state_dict()
kept = [n for n in state if n.startswith("decode_head.classifier") or n.endswith("running_mean") or n.endswith("running_var")]
tensors = {"probe_logits": output.logits.contiguous()}
tensors.update({n: state[n].contiguous() for n in kept})
# A parameter has another name within the library than in files.
first = next(n for n in state if n.endswith("patch_embeddings.proj.weight") or n.endswith("patch_embeddings.0.proj.weight"))
tensors["segformer.encoder.patch_embeddings.0.proj.weight"] = state[first].contiguous()
save_file(tensors, sys.argv[2] + ".safetensors")
record = {
    "recipe": recipe,
    "log": log,
    "probe_loss": output.loss.item(),
    "probe": mean_iou(large.argmax(1).numpy(), masks.numpy()),
}
with open(sys.argv[2] + ".json", "w") as file:
    json.dump(record, file, indent=1)
print(log[0]["loss"], log[-1]["loss"], record["probe"])
