"""Records the training steps of TrainingTest: a small network with BatchNorm, trained by torch itself."""
import math
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F


def wave(phase, *shape):
    n = math.prod(shape)
    return torch.tensor([math.sin(0.7 * i + phase) for i in range(n)], dtype=torch.float64).float().reshape(shape)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3, padding=1)
        self.norm = nn.BatchNorm2d(3, eps=1e-5, momentum=0.2)
        self.fc = nn.Linear(3, 4)

    def forward(self, x):
        return self.fc(F.relu(self.norm(self.conv(x))).mean((2, 3)))


net = Net()
keys = ["conv.weight", "conv.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "fc.weight", "fc.bias"]
state = net.state_dict()
for i, key in enumerate(keys):
    state[key].copy_(wave(10 + i, *state[key].shape))
net.norm.running_var.copy_(net.norm.running_var.abs() + 0.5)
frozen = {"conv.bias", "norm.weight"}
params = {k: p for k, p in net.named_parameters() if k not in frozen}
for k, p in net.named_parameters():
    p.requires_grad_(k not in frozen)
order = [k for k in keys if k in params]
groups = [{"params": [params[k]], "lr": 0.01 * (i + 1), "weight_decay": 0.1 if k.endswith("weight") else 0.0}
          for i, k in enumerate(order)]
optimizer = torch.optim.AdamW(groups, betas=(0.8, 0.95), eps=1e-6)
labels = torch.tensor([0, 3, 1, 2])
out = open(sys.argv[1], "w")


def write(name, values):
    out.write(name + " " + " ".join(f"{v:.8g}" for v in torch.as_tensor(values).double().flatten().tolist()) + "\n")


net.eval()
write("evaluated_before", net(wave(0, 4, 2, 5, 5)))
net.train()
for step in range(3):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(wave(0.3 * step, 4, 2, 5, 5)), labels, label_smoothing=0.1)
    loss.backward()
    limit = [math.inf, 0.05, math.inf][step]
    norm = torch.nn.utils.clip_grad_norm_(list(params.values()), limit)
    optimizer.step()
    write(f"loss_{step}", loss)
    write(f"norm_{step}", norm)
    for key in keys:
        write(f"{key}_{step}", net.state_dict()[key])
net.eval()
write("evaluated_after", net(wave(0, 4, 2, 5, 5)))


class Dense(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(6, 5)
        self.two = nn.Linear(5, 4)

    def forward(self, x):
        return self.two(torch.tanh(self.one(x)))


class Lion(torch.optim.Optimizer):
    """As the paper's algorithm 2 states it."""

    def __init__(self, groups, betas):
        super().__init__(groups, {"betas": betas, "lr": 0, "weight_decay": 0})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(group["lr"] * (b1 * m + (1 - b1) * p.grad).sign())
                m.mul_(b2).add_(p.grad, alpha=1 - b2)


optimizers = {
    "sgd": lambda g: torch.optim.SGD(g), "momentum": lambda g: torch.optim.SGD(g, momentum=0.9),
    "nesterov": lambda g: torch.optim.SGD(g, momentum=0.8, nesterov=True),
    "lion": lambda g: Lion(g, betas=(0.9, 0.95)), "adamw": lambda g: torch.optim.AdamW(g, betas=(0.8, 0.95), eps=1e-6),
}
keys = ["one.weight", "one.bias", "two.weight", "two.bias"]
for name, make in optimizers.items():
    net = Dense()
    for i, key in enumerate(keys):
        net.state_dict()[key].copy_(wave(10 + i, *net.state_dict()[key].shape))
    params = dict(net.named_parameters())
    optimizer = make([{"params": [params[k]], "lr": 0.01 * (i + 1), "weight_decay": 0.1 if k.endswith("weight") else 0.0}
                      for i, k in enumerate(keys)])
    for step in range(4):
        optimizer.zero_grad()
        F.cross_entropy(net(wave(0.3 * step, 4, 6)), labels).backward()
        torch.nn.utils.clip_grad_norm_(list(params.values()), 0.5)
        optimizer.step()
    for key in keys:
        write(f"{name}_{key}", net.state_dict()[key])
