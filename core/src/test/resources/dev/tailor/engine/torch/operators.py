"""Records what torch computes for the cases of OperatorsTest: for each case its shape and its elements.

Floats are sin(0.7 * i + phase): x, y and z have the phases 0, 1 and 2, the i-th weight has 10 + i,
running variances |...| + 0.5. Ids are 0 3 1 4 2 0 ...
"""
import math
import sys

import torch
import torch.nn.functional as F


def wave(phase, *shape):
    n = math.prod(shape)
    return torch.tensor([math.sin(0.7 * i + phase) for i in range(n)], dtype=torch.float64).float().reshape(shape)


def x(*s): return wave(0, *s)
def y(*s): return wave(1, *s)
def z(*s): return wave(2, *s)
def w(i, *s): return wave(10 + i, *s)
def ids(*s): return torch.tensor([(i * 3) % 5 for i in range(math.prod(s))]).reshape(s)


a = x(2, 3, 4) * 4
p = x(2, 3, 4).abs() + 0.5
image = x(2, 4, 7, 6)
q, k, v = x(2, 2, 3, 4), y(2, 2, 5, 4), z(2, 2, 5, 4)
bx, by = x(2, 1, 4), y(3, 1)
i1 = ids(2, 4)

cases = {
    "relu": a.relu(), "relu6": F.relu6(a * 2), "gelu": F.gelu(a), "gelu_tanh": F.gelu(a, approximate="tanh"),
    "silu": F.silu(a), "tanh": a.tanh(), "sigmoid": a.sigmoid(), "hard_swish": F.hardswish(a),
    "hard_sigmoid": F.hardsigmoid(a), "exp": a.exp(), "log": p.log(), "sqrt": p.sqrt(), "rsqrt": p.rsqrt(),
    "abs": a.abs(), "negate": -a, "not": ~(a > 0), "negate_integers": -i1,
    "add": bx + by, "subtract": bx - by, "multiply": bx * by, "divide": bx / (by + 2), "power": (bx.abs() + 0.1) ** by,
    "maximum": torch.maximum(bx, by), "minimum": torch.minimum(bx, by), "less": bx < by, "greater": bx > by,
    "equal": i1 == ids(4), "not_equal": i1 != ids(4), "and": (bx > 0) & (by > 0),
    "or": (bx > 0) | (by > 0), "floor_divide": a // (by + 2), "remainder": a % (by + 2),
    "integer_division": (i1 - 3) // 2 * 10 + (i1 - 3) % 2,
    "sign": a.sign(), "floor": a.floor(), "ceil": a.ceil(), "sin": a.sin(), "cos": a.cos(), "erf": a.erf(),
    "softplus": F.softplus(a),
    "add_mixed": i1 + x(2, 4),
    "scalar_add": a + 1.5, "scalar_subtract": a - 1.5, "scalar_multiply": a * -2, "scalar_divide": a / 3,
    "scalar_power": a ** 2, "scalar_floor_divide": a // 0.3, "scalar_remainder": a % 0.3, "scalar_maximum": a.clamp(min=0.25), "scalar_minimum": a.clamp(max=0.25),
    "scalar_less": a < 0.5, "scalar_greater": a > 0.5, "scalar_equal": i1 == 3, "scalar_not_equal": i1 != 3,
    "integer_arithmetic": ((i1 + 2) * 3 - 1).clamp(min=6, max=12),
    "linear": F.linear(x(2, 3, 4), w(0, 5, 4), w(1, 5)), "linear_without_bias": F.linear(x(2, 3, 4), w(0, 5, 4)),
    "embedding": F.embedding(i1, w(0, 5, 3)),
    "conv": F.conv2d(image, w(0, 6, 4, 3, 3), w(1, 6), stride=2, padding=1),
    "conv_groups": F.conv2d(image, w(0, 8, 1, 3, 3), None, padding=1, groups=4),
    "conv_dilation": F.conv2d(image, w(0, 6, 4, 3, 3), None, padding=(2, 1), dilation=(2, 1)),
    "layer_norm": F.layer_norm(x(2, 3, 4), [4], w(0, 4), w(1, 4), 1e-3),
    "layer_norm_without_bias": F.layer_norm(x(2, 3, 4), [4], w(0, 4), None, 1e-3),
    "group_norm": F.group_norm(image, 2, w(0, 4), w(1, 4), 1e-3),
    "attention": F.scaled_dot_product_attention(q, k, v),
    "attention_boolean_mask": F.scaled_dot_product_attention(q, k, v, (ids(2, 5) != 3)[:, None, None, :]),
    "attention_added_mask": F.scaled_dot_product_attention(q, k, v, wave(0.5, 3, 5)),
    "attention_causal": F.scaled_dot_product_attention(q, k[:, :, :3], v[:, :, :3], is_causal=True, scale=0.3),
    "where": torch.where(bx > by, bx, by * 10), "matmul": x(2, 1, 3, 4) @ y(5, 4, 2),
    "softmax": x(2, 3, 4).softmax(1), "log_softmax": x(2, 3, 4).log_softmax(-1), "dropout": x(2, 3, 4),
    "mean": x(2, 3, 4).mean((1, 2)), "mean_kept": x(2, 3, 4).mean(1, keepdim=True), "sum": x(2, 3, 4).sum((0, 2)),
    "sum_of_truth": (x(2, 3, 4) > 0).sum(2), "max": x(2, 3, 4).amax(2), "max_kept": x(2, 3, 4).amax((0, 1), keepdim=True),
    "adaptive_mean_pool": F.adaptive_avg_pool2d(image, (3, 4)),
    "resize_nearest": F.interpolate(image, (14, 4), mode="nearest"),
    "resize_bilinear": F.interpolate(image, (14, 4), mode="bilinear"),
    "resize_bicubic": F.interpolate(image, (14, 4), mode="bicubic"),
    "resize_bilinear_corners": F.interpolate(image, (5, 9), mode="bilinear", align_corners=True),
    "resize_bicubic_corners": F.interpolate(image, (5, 9), mode="bicubic", align_corners=True),
    "gather": x(2, 5).gather(1, i1), "cumulative_sum": x(2, 3, 4).cumsum(1),
    "cumulative_sum_of_integers": i1.cumsum(-1), "chunk": torch.cat([x(2, 6)[:, 4:], x(2, 6)[:, :2]], 1),
    "pad": F.pad(image, (1, 2, 3, 0), value=-1.5),
    "pad_to_a_multiple": F.pad(image, (0, 2, 0, 1)),
    "reshape": x(2, 6, 4).reshape(2, 3, 2, 4).permute(0, 2, 1, 3).reshape(2, 2, 12), "permute": x(2, 3, 4).permute(2, 0, 1),
    "transpose": x(2, 3, 4).transpose(0, 2), "expand": x(2, 1, 4).expand(2, 3, 4),
    "slice": x(2, 5, 4)[:, 1:4], "slice_of_the_end": x(2, 5, 4)[:, 3:], "select": x(2, 5, 4)[:, 2],
    "concat": torch.cat([x(2, 3), y(2, 2), x(2, 3)], 1), "cast_to_integers": (x(2, 4) * 9).long(),
    "cast_to_truth": i1.bool(), "cast_to_floats": i1.float() / 2,
    "full": torch.full((2, 4, 3), 0.75), "arange": torch.arange(4), "number": x(2, 4) - 7,
    "integers": i1 + torch.tensor([5, -2, 7, 1]), "sines": (i1[..., None] * 1000 * torch.tensor([1.0, 0.01])).sin(),
    "cosines": (i1[..., None] * 1000 * torch.tensor([1.0, 0.01])).cos(),
    "conv1d": F.conv1d(x(2, 4, 6), w(0, 6, 2, 3), w(1, 6), stride=2, padding=1, groups=2),
    "numbers": x(2, 3) + torch.tensor([0.5, -1.0, 1e-3]),
    "sizes": torch.tensor([(7 - 10) // 3 + 5, (7 - 10) % 4, max(7 - 10, 2), min(7, 2), 7 * 2 - 7]).float(),
}
cases["batch_norm"] = F.batch_norm(image, w(2, 4), w(3, 4).abs() + 0.5, w(0, 4), w(1, 4), False, 0.1, 1e-3)
cases["conv_batch_norm"] = F.batch_norm(
    F.conv2d(image, w(0, 4, 4, 3, 3), w(1, 4), padding=1), w(4, 4), w(5, 4).abs() + 0.5, w(2, 4), w(3, 4), False, 0.1, 1e-3)
for ceil in (False, True):
    for pad in (0, 1):
        name = f"{'ceil' if ceil else 'floor'}_{pad}"
        cases["max_pool_" + name] = F.max_pool2d(image, (3, 2), (3, 4), pad, ceil_mode=ceil)
        for count in (False, True):
            cases[f"avg_pool_{name}_{'counted' if count else 'uncounted'}"] = F.avg_pool2d(
                image, (3, 2), (3, 4), pad, ceil, count)
cases["avg_pool_past_the_border"] = F.avg_pool2d(image, 4, 3, 1, True, True)

with open(sys.argv[1], "w") as out:
    for name, t in cases.items():
        values = " ".join(f"{v:.7g}" for v in t.double().flatten().tolist())
        out.write(f"{name}.shape {' '.join(map(str, t.shape))}\n{name} {values}\n")
