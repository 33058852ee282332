#!/usr/bin/env python3
"""Further recordings in the form of make_vision_golden.py, whose formula this is: networks that its cases do not cover, and one whose
activations it lets grow until rounding decides. Gains are the smallest at which the output moves well with the input.
Run: python make_own_vision.py OUT [NAME]        Needs torch, torchvision."""
import json, os, sys, zlib
import numpy as np, torch, torchvision
from safetensors.torch import save_file

CASES = {  # file: constructor, gain, height, width
    "own-efficientnet_v2_s": ("efficientnet_v2_s", 0.93, 224, 224),
    "own-swin_t-wide": ("swin_t", 1.0, 224, 320),
    "own-swin_v2_t": ("swin_v2_t", 1.0, 256, 320),
}


def unit(name, n):
    i = np.arange(n, dtype=np.uint64)
    x = ((np.uint64(zlib.crc32(name.encode())) + i * np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    x ^= x >> np.uint32(16); x *= np.uint32(0x85EBCA6B); x ^= x >> np.uint32(13); x *= np.uint32(0xC2B2AE35); x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 4294967296.0


def formula(name, shape, norm, gain):
    u = unit(name, int(np.prod(shape))); s = 2 * u - 1
    if name.endswith("running_mean"): v = 0.1 * s
    elif name.endswith("running_var"): v = 1 + 0.5 * u
    elif len(shape) >= 2: v = s * np.sqrt(6.0 / np.prod(shape[1:])) * gain
    elif norm: v = 1 + 0.1 * s
    else: v = 0.1 * s
    return torch.from_numpy(v.astype(np.float32)).reshape(tuple(shape))


def norm_weights(model):
    return {f"{name}.weight" for name, m in model.named_modules()
            if (hasattr(m, "running_var") or isinstance(m, (torch.nn.LayerNorm, torch.nn.GroupNorm)) or "Norm" in type(m).__name__)
            and getattr(m, "weight", None) is not None and m.weight.dim() == 1}


for file, (name, gain, height, width) in CASES.items():
    if len(sys.argv) > 2 and sys.argv[2] != file: continue
    model = torchvision.models.get_model(name, weights=None).eval()
    norms, state = norm_weights(model), model.state_dict()
    for k, t in state.items():
        if t.dtype.is_floating_point: t.copy_(formula(k, list(t.shape), k in norms, gain))
    shape = [1, 3, height, width]
    x = torch.from_numpy((1.5 * (2 * unit("input", int(np.prod(shape))) - 1)).astype(np.float32)).reshape(shape)
    with torch.no_grad():
        y, y2 = model(x), model(x.flip(3))
        exact = model.double()(x.double())
    largest = y.abs().max()
    print(f"{file}: largest {largest:.4f}, moves with the input by {(y - y2).abs().max() / largest:.4f}, float64 differs by {(y - exact).abs().max() / largest:.1e}")
    save_file({"logits": y.contiguous(), "logits_of_mirrored_input": y2.contiguous()}, os.path.join(sys.argv[1], file + ".safetensors"))
    json.dump({"library": "torchvision", "version": torchvision.__version__, "constructor": name, "gain": gain, "input": shape,
               "norm_weights": sorted(norms), "state_dict": {k: list(t.shape) for k, t in state.items() if t.dtype.is_floating_point}},
              open(os.path.join(sys.argv[1], file + ".json"), "w"), separators=(",", ":"))
