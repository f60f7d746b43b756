"""The Python side of `npm run curves`: what it is given comes as JSON; prints the loss of every step as JSON.

Networks, losses and optimizers are those of the baselines (../baselines/recipes.py), but for AdamW's eps of mnist-simpnet,
which is the recipe's own here.
"""

import json
import os
import struct
import sys

import numpy
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "baselines"))
import recipes  # noqa: E402


def read_bytes(name, offset=0):
    return torch.from_numpy(numpy.fromfile(name, dtype=numpy.uint8, offset=offset))


def read(files):
    if files["format"] == "idx":
        return read_bytes(files["images"], 16).view(-1, 1, 28, 28), read_bytes(files["labels"], 8).long()
    records = torch.cat([read_bytes(name).view(-1, 3073) for name in files["files"]])
    return records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0].long()


def floats(name):
    """Of a safetensors file, the float32 tensors by name."""
    with open(name, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), file.read()
    return {
        key: numpy.frombuffer(data[slice(*about["data_offsets"])], dtype=numpy.float32).reshape(about["shape"])
        for key, about in header.items()
        if key != "__metadata__" and about["dtype"] == "F32"
    }


def begin(network, weights):
    """Sets the parameters in their order of registration, which is that of our tree."""
    parameters = list(network.parameters())
    assert [tuple(p.shape) for p in parameters] == [w.shape for w in weights]
    with torch.no_grad():
        for parameter, weight in zip(parameters, weights):
            parameter.copy_(torch.from_numpy(weight.copy()))


def main():
    given = json.load(sys.stdin)
    torch.set_num_threads(given["threads"])
    build, data, loss, make_optimizer, _, _ = recipes.RECIPES[given["name"]]
    if given["name"].startswith("mnist-simpnet"):
        make_optimizer = recipes.adamw(betas=(0.5, 0.95), weight_decay=0.1)
    network = build().train()
    tensors = floats(given["start"])
    begin(network, [tensors[name] for name in given["names"]])
    optimizer = make_optimizer(network)
    images, labels = read(given["files"])
    losses = []
    for step, rate in enumerate(given["rates"]):
        chosen = slice(step * given["batchSize"], (step + 1) * given["batchSize"])
        inputs = data["normalise"](images[chosen].double()).float()
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        value = loss(network(inputs), labels[chosen], torch.float32)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    print(json.dumps(losses))


main()
