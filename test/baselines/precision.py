"""Baselines of training in bfloat16: precision.json beside this file, against torch.autocast on the CPU.

Small networks on real digits, compared with one-hot targets by MSE, so that what is compared is the output itself. The
loss is computed in float32, outside autocast, as our engine does. `float32` says how far the same training in float32
is from it. `python3 precision.py`.
"""

import copy

import torch
from torch import nn
from torch.nn import functional as F

import baseline

BATCH = 16
RATES = [0.05, 0.05, 0.1, 0.05, 0.02]

CASES = {
    "linear layers": (
        [
            {"type": "Flatten"},
            {"type": "Linear", "options": {"out_features": 64}},
            {"type": "Tanh"},
            {"type": "Linear", "options": {"out_features": 10}},
        ],
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.Tanh(), nn.Linear(64, 10)),
    ),
    "convolutions and norms": (
        [
            {"type": "Conv2d", "options": {"out_channels": 8, "kernel_size": 5, "stride": 2, "bias": False}},
            {"type": "BatchNorm2d"},
            {"type": "ReLU"},
            {"type": "Conv2d", "options": {"out_channels": 16, "kernel_size": 3}},
            {"type": "ReLU"},
            {"type": "MaxPool2d", "options": {"kernel_size": 2}},
            {"type": "Flatten"},
            {"type": "Linear", "options": {"out_features": 10}},
        ],
        lambda: nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 16, 3), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10),
        ),
    ),
}  # fmt: skip


class Autocast(nn.Module):
    def __init__(self, network, enabled):
        super().__init__()
        self.network = network
        self.enabled = enabled

    def forward(self, inputs):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.enabled):
            return self.network(inputs).float()


def train(network, fills, inputs, labels, enabled):
    network = copy.deepcopy(network)
    baseline.fill(network, fills)
    cast = Autocast(network, enabled)
    before = baseline.predict(cast, inputs[:BATCH], lambda output: output)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.0, momentum=0.9)
    loss = lambda output, y: F.mse_loss(output, F.one_hot(y, 10).float())
    losses = baseline.train(cast, optimizer, loss, RATES, inputs, labels, BATCH)
    return before, losses, baseline.predict(cast, inputs[:BATCH], lambda output: output)


def main():
    images, labels = baseline.mnist(BATCH * len(RATES))
    inputs = (torch.from_numpy(images).double() / 127.5 - 1).float()
    labels = torch.from_numpy(labels)
    results = []
    for name, (tree, build) in CASES.items():
        network = build()
        fills = baseline.steady(network)
        before, losses, after = train(network, fills, inputs, labels, True)
        before32, losses32, after32 = train(network, fills, inputs, labels, False)
        far = {
            "before": baseline.relative(before, before32),
            "losses": baseline.relative(losses, losses32),
            "after": baseline.relative(after, after32),
        }
        print(name, " ".join(f"{key} {value:.1e}" for key, value in far.items()), flush=True)
        results.append({
            "name": name, "network": tree, "source": "mnist", "batchSize": BATCH, "rates": RATES, "accumulate": 1,
            "parameters": [{"shape": list(p.shape), "fill": fill} for p, fill in zip(network.parameters(), fills)],
            "before": before.tolist(), "losses": losses, "after": after.tolist(), "float32": far,
        })  # fmt: skip
    baseline.write("precision.json", {"cases": results})


if __name__ == "__main__":
    main()
