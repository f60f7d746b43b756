"""What Python makes of the tables that the tests of imports train on: statistics, and a linear regression's losses.

Run with a Python that has torch and numpy; writes own-data.json beside this file.
"""

import json
import pathlib

import numpy as np
import torch

ROWS, EPOCHS, BATCH, RATE = 64, 4, 8, 0.05

rows = np.arange(ROWS)
inputs = np.stack([rows % 7 - 3, (rows * rows) % 11 / 2], axis=1).astype(np.float32)
targets = (2 * inputs[:, :1] - 0.5 * inputs[:, 1:] + 3).astype(np.float32)
# Every fourth row is for testing, as the test of the command line splits them.
is_test = rows % 4 == 3
train, test = (torch.from_numpy(inputs[~is_test]), torch.from_numpy(inputs[is_test]))
train_targets, test_targets = (torch.from_numpy(targets[~is_test]), torch.from_numpy(targets[is_test]))
mean, deviation = train.double().mean(0), train.double().std(0, unbiased=False)

scale, offset = (1 / deviation).float(), (-mean / deviation).float()
torch.manual_seed(0)
layer = torch.nn.Linear(2, 1)
torch.nn.init.constant_(layer.weight, 0.25)
torch.nn.init.constant_(layer.bias, 0)
optimizer = torch.optim.SGD(layer.parameters(), lr=RATE)
epochs = []
for _ in range(EPOCHS):
    losses = []
    for first in range(0, len(train), BATCH):
        batch = train[first : first + BATCH] * scale + offset
        loss = torch.nn.functional.mse_loss(layer(batch), train_targets[first : first + BATCH])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        error = layer(test * scale + offset) - test_targets
    epochs.append(
        {
            "batchLosses": losses,
            "meanAbsolute": error.abs().mean().item(),
            "rootMeanSquare": error.square().mean().sqrt().item(),
        }
    )

out = {"mean": mean.tolist(), "std": deviation.tolist(), "batch": BATCH, "rate": RATE, "epochs": epochs}
pathlib.Path(__file__).with_name("own-data.json").write_text(json.dumps(out, indent=1) + "\n")
