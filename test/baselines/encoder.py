"""Baseline of a small network with one encoder layer of a transformer, on the rows of digits: encoder.json beside this
file. `python3 encoder.py`.

The tests hold two networks to it: with our layer, and with the Block that is composed of other layers.
"""

import torch
from torch import nn
from torch.nn import functional as F

import baseline

BATCH = 20
STEPS = 12
FEATURES = 16


def network(**options):
    layer = nn.TransformerEncoderLayer(FEATURES, 4, 4 * FEATURES, dropout=0.0, batch_first=True, **options)
    return nn.Sequential(
        nn.Flatten(1, 2), nn.Linear(28, FEATURES), layer, nn.Flatten(), nn.Linear(28 * FEATURES, 10)
    )  # fmt: skip


CASES = {
    "TransformerBlock": (0.02, {}),
    # Without a normalisation at the end its scores are larger, and so its gradients.
    "PreNormTransformerBlock": (0.001, {"norm_first": True, "activation": "gelu"}),
}


def main():
    images, labels = baseline.mnist(BATCH * STEPS)
    inputs = torch.from_numpy(images).double() / 127.5 - 1
    results = []
    for block, (rate, options) in CASES.items():
        result = baseline.run(
            network(**options), lambda net: torch.optim.SGD(net.parameters(), lr=0.0, momentum=0.9),
            lambda output, y, dtype: F.cross_entropy(output, y), [rate] * STEPS, inputs, torch.from_numpy(labels), BATCH, show=4,
            fill_for_training=baseline.lively,
        )  # fmt: skip
        print(block, result["training"]["losses"], " ".join(f"{k} {v:.1e}" for k, v in result["float64"].items()))
        names = [name.removeprefix("2.") for name, _ in network(**options).named_parameters()]
        results.append({"block": block, "options": options, "source": "mnist", "names": names, **result})
    baseline.write("encoder.json", {"cases": results})


if __name__ == "__main__":
    main()
