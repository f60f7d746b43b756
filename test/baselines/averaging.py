"""Writes averaging.json: averaged weights as torch.optim.swa_utils makes them.

    python test/baselines/averaging.py

A small network with a batch norm is trained for some epochs over the first MNIST images in file order; its weights
join an AveragedModel after every epoch from the second on (`swa`) or after every step (`ema`). Then, where the norms
are `recomputed`, update_bn goes over the same batches. `lookahead` is written here from Zhang et al. 2019
(arXiv 1907.08610, algorithm 1), with the decay that rises over the training as in Jordan 2024 (arXiv 2404.00498), who
also takes running statistics along. Everything in float32 and float64, as in baseline.py.
"""

import copy

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_avg_fn, update_bn

import baseline

BATCH = 16
STEPS = 5
EPOCHS = 4
RATE = 0.02


def network():
    return nn.Sequential(
        nn.Conv2d(1, 8, 5), nn.BatchNorm2d(8, momentum=0.05), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(1152, 10),
    )  # fmt: skip


CASES = {
    "swa, norms recomputed": {"kind": "swa", "fromEpoch": 2},
    "swa, norms averaged": {"kind": "swa", "fromEpoch": 2, "norms": "averaged"},
    "ema, norms averaged": {"kind": "ema", "decay": 0.9},
    "ema, norms recomputed": {"kind": "ema", "decay": 0.9, "norms": "recomputed"},
    "lookahead": {"kind": "lookahead", "every": 3, "decay": 0.5},
    "lookahead, rising decay": {"kind": "lookahead", "every": 2, "decay": 0.7738, "ramp": 3},
    "lookahead, norms recomputed": {"kind": "lookahead", "every": 3, "decay": 0.5, "norms": "recomputed"},
}


class Lookahead:
    """Slow weights beside the network's; `module` has them."""

    def __init__(self, network, averaging):
        self.module, self.averaging, self.steps = copy.deepcopy(network), averaging, 0

    @torch.no_grad()
    def update_parameters(self, network):
        self.steps += 1
        if self.steps % self.averaging["every"] != 0:
            return
        done = self.steps / (EPOCHS * STEPS)
        decay = self.averaging["decay"] * done ** self.averaging.get("ramp", 0)
        pairs = list(zip(self.module.parameters(), network.parameters()))
        if not is_recomputed(self.averaging):
            pairs += [(s, f) for s, f in zip(self.module.buffers(), network.buffers()) if s.is_floating_point()]
        for slow, fast in pairs:
            slow.copy_(decay * slow + (1 - decay) * fast)
            fast.copy_(slow)

    def modules(self):
        return self.module.modules()

    def __getattr__(self, name):
        return getattr(self.module, name)

    def __call__(self, x):
        return self.module(x)


def is_recomputed(averaging):
    return averaging.get("norms", "recomputed" if averaging["kind"] == "swa" else "averaged") == "recomputed"


def train(averaging, images, labels, dtype):
    model = network().to(dtype)
    fills = baseline.steady(model)
    baseline.fill(model, fills)
    images = images.to(dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=0.9)
    average = get_ema_avg_fn(averaging["decay"]) if averaging["kind"] == "ema" else None
    averaged = (
        Lookahead(model, averaging)
        if averaging["kind"] == "lookahead"
        else AveragedModel(model, avg_fn=average, use_buffers=not is_recomputed(averaging))
    )
    for epoch in range(EPOCHS):
        for step in range(STEPS):
            batch = slice(step * BATCH, (step + 1) * BATCH)
            baseline.train(model, optimizer, cross_entropy, [RATE], images[batch], labels[batch], BATCH)
            if averaging["kind"] != "swa":
                averaged.update_parameters(model)
        if averaging["kind"] == "swa" and epoch + 1 >= averaging["fromEpoch"]:
            averaged.update_parameters(model)
    if is_recomputed(averaging):
        update_bn(images.split(BATCH), averaged)
    floating = lambda module: [b for b in module.buffers() if b.is_floating_point()]
    return {
        "fills": fills,
        "parameters": [p.detach() for p in averaged.module.parameters()],
        "buffers": floating(averaged.module),
        "averaged": baseline.predict(averaged.module, images[:BATCH], baseline.scores),
        "last": baseline.predict(model, images[:BATCH], baseline.scores),
    }


def cross_entropy(output, labels):
    return nn.functional.cross_entropy(output, labels)


def case(averaging):
    images, labels = baseline.mnist(STEPS * BATCH)
    inputs, labels = torch.from_numpy(images).double() / 127.5 - 1, torch.from_numpy(labels)
    single, double = (train(averaging, inputs, labels, dtype) for dtype in (torch.float32, torch.float64))
    tensors = ("parameters", "buffers")
    return {
        "averaging": averaging,
        "parameters": [
            {"shape": list(p.shape), "fill": fill, **baseline.elements(p, 8)}
            for p, fill in zip(single["parameters"], single["fills"])
        ],
        "buffers": [{"shape": list(b.shape), **baseline.elements(b, 8)} for b in single["buffers"]],
        "averaged": single["averaged"].tolist(),
        "last": single["last"].tolist(),
        "float64": {
            **{key: max(map(baseline.relative, single[key], double[key])) for key in tensors},
            **{key: baseline.relative(single[key], double[key]) for key in ("averaged", "last")},
        },
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    cases = {name: case(averaging) for name, averaging in CASES.items()}
    for name, made in cases.items():
        print(name, " ".join(f"{key} {value:.1e}" for key, value in made["float64"].items()))
    span = {"batchSize": BATCH, "steps": STEPS, "epochs": EPOCHS, "rate": RATE}
    baseline.write("averaging.json", {**span, "cases": cases})
