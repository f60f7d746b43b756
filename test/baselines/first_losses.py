"""Writes resources/recipe-check.json: what `torchwright recipes --check` compares with.

    python test/baselines/first_losses.py

For every recipe by Python PyTorch: its parameters, and the loss of the first batch of the training data in file order,
in training mode, without dropout and augmentation, as it is right after the initialisation that the recipe asks for:
mean and standard deviation over SEEDS seeds. Networks are those of recipes.py.
"""

import json
import os
import statistics

import numpy
import torch
from torch import nn

import baseline
from recipes import MNIST, RECIPES

SEEDS = 10


def count(*networks):
    return sum(parameter.numel() for network in networks for parameter in network.parameters())


def whiten(weight):
    """Jordan 2024, arXiv 2404.00498, section 3.2, of the images of the excerpt: the 5,000 of the recipe are like them."""
    _, data, *_ = RECIPES["cifar10-fast"]
    images = data["normalise"](torch.from_numpy(data["read"](48)[0]).double())
    patches = nn.functional.unfold(images, 2).transpose(1, 2).reshape(-1, 12)
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    filters = (vectors / (values + 5e-4).sqrt()).T.flip(0).reshape(12, 3, 2, 2)
    weight.copy_(torch.cat([filters, -filters]))


def initialised(name, network):
    """As the recipe says: Xavier-normal with ReLU's gain, or whitening and dirac; else PyTorch's own."""
    if name == "cifar10-fast":
        with torch.no_grad():
            whiten(network[0].weight)
            for module in list(network)[1:]:
                if isinstance(module, nn.Conv2d):
                    nn.init.dirac_(module.weight[: module.in_channels])
    if name.startswith("mnist-simpnet"):
        for module in network.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_normal_(module.weight, nn.init.calculate_gain("relu"))
    return network.train()


def spread(values):
    return {"mean": statistics.mean(values), "deviation": statistics.stdev(values)}


def supervised(name):
    build, data, loss, _, _, batch = RECIPES[name]
    images, labels = data["read"](batch)
    inputs, labels = data["normalise"](torch.from_numpy(images).double()).float(), torch.from_numpy(labels)
    losses = []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        network = initialised(name, build())
        with torch.no_grad():
            losses.append(loss(network(inputs), labels, torch.float32).item())
    return {"parameters": count(network), "batch": batch, "loss": spread(losses)}


class Conditioned(nn.Module):
    def __init__(self, table, side, body):
        super().__init__()
        self.table, self.side, self.body = table, side, body

    def forward(self, x, label):
        return self.body(torch.cat([x, self.table(label).reshape(len(x), -1, self.side, self.side)], 1))


class Plain(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x, _label):
        return self.body(x)


def generator(channels):
    return nn.Sequential(
        nn.ConvTranspose2d(channels, 256, 4, bias=False), nn.BatchNorm2d(256), nn.ReLU(),
        nn.ConvTranspose2d(256, 128, 3, 2, 1, bias=False), nn.BatchNorm2d(128), nn.ReLU(),
        nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 1, 4, 2, 1, bias=False), nn.Tanh(),
    )  # fmt: skip


def discriminator(channels):
    return nn.Sequential(
        nn.Conv2d(channels, 64, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
        nn.Conv2d(64, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.LeakyReLU(0.2),
        nn.Conv2d(128, 256, 4, 2, 1, bias=False), nn.BatchNorm2d(256), nn.LeakyReLU(0.2),
        nn.Conv2d(256, 1, 3, bias=False), nn.Sigmoid(), nn.Flatten(0),
    )  # fmt: skip


def adversarial(conditional, batch=30):
    images, labels = MNIST["read"](batch)
    images, labels = MNIST["normalise"](torch.from_numpy(images).double()).float(), torch.from_numpy(labels)
    loss, losses, generated = nn.BCELoss(), [], []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        make = Conditioned(nn.Embedding(10, 10), 1, generator(110)) if conditional else Plain(generator(100))
        side = nn.Sequential(nn.Embedding(10, 50), nn.Linear(50, 784))
        judge = Conditioned(side, 28, discriminator(2)) if conditional else Plain(discriminator(1))
        optimizer = torch.optim.Adam(judge.parameters(), 2e-4, (0.5, 0.999))
        asked = torch.randint(10, (batch,))
        made = make(torch.randn(batch, 100, 1, 1), asked).detach()
        found = loss(judge(images, labels), torch.empty(batch).uniform_(0.8, 1)) + loss(judge(made, asked), torch.zeros(batch))
        found.backward()
        optimizer.step()
        losses.append(found.item())
        with torch.no_grad():
            generated.append(loss(judge(made, asked), torch.ones(batch)).item())
    return {"parameters": count(make), "batch": batch, "loss": spread(losses), "generatorLoss": spread(generated)}


def spirals(batch=32):
    """The first points of the file lie on the first arm, near its beginning; their noise is drawn otherwise here."""
    losses = []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        random = numpy.random.default_rng(seed)
        label, radius = numpy.zeros(batch, numpy.int64), numpy.arange(batch) / 1000
        angle = 4 * (label + radius) + 0.2 * random.standard_normal(batch)
        points = torch.from_numpy(numpy.stack([radius * numpy.sin(angle), radius * numpy.cos(angle)], 1)).float()
        network = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3))
        with torch.no_grad():
            losses.append(nn.functional.cross_entropy(network(points), torch.from_numpy(label)).item())
    return {"parameters": count(network), "batch": batch, "loss": spread(losses)}


if __name__ == "__main__":
    torch.set_num_threads(1)
    found = {}
    for name in RECIPES:
        found[name] = supervised(name)
        print(name, found[name], flush=True)
    found["mnist-gan"], found["mnist-cgan"], found["spirals"] = adversarial(False), adversarial(True), spirals()
    file = os.path.join(baseline.ROOT, "resources", "recipe-check.json")
    version = torch.__version__.split("+")[0]
    with open(file, "w", encoding="utf-8") as out:
        json.dump({"torch": version, "seeds": SEEDS, "recipes": found}, out, indent=2)
        out.write("\n")
