"""Writes adversarial.json: three iterations of adversarial training by Python PyTorch, with and without a class.

    python test/baselines/adversarial.py

The three-part step as the recipes describe it: the discriminator's gradients of real images, with targets drawn from
[.8, 1], and of generated ones with target 0 are added for its step; then the generator's with target 1 for its own.
Everything random is drawn from one generator, whose state at the beginning is in the file: the engine goes on from the
same state.
"""

import base64
import json
import os

import torch
from torch import nn

from baseline import HERE, mnist, uniform

SAMPLES = 8
ITERATIONS = 3
RATE = 2e-4


class Two(nn.Module):
    """The first input, and the class as another channel of the same size."""

    def __init__(self, width, side, linear):
        super().__init__()
        self.embedding = nn.Embedding(10, width)
        self.linear = nn.Linear(width, side * side) if linear else None
        self.side = side

    def forward(self, x, label):
        y = self.embedding(label)
        y = y if self.linear is None else self.linear(y)
        return torch.cat([x, y.reshape(len(x), -1, self.side, self.side)], 1)


def generator(classes):
    up = dict(bias=False)
    layers = [
        nn.ConvTranspose2d(12 if classes else 8, 8, 4, **up),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.ConvTranspose2d(8, 4, 3, stride=2, padding=1, **up),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.ConvTranspose2d(4, 1, 4, stride=4, **up),
        nn.Tanh(),
    ]
    return (Two(4, 1, False) if classes else None), nn.Sequential(*layers)


def discriminator(classes):
    layers = [
        nn.Conv2d(2 if classes else 1, 4, 4, stride=4, bias=False),
        nn.LeakyReLU(0.2),
        nn.Conv2d(4, 8, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(8),
        nn.LeakyReLU(0.2),
        nn.Conv2d(8, 1, 3, bias=False),
        nn.Sigmoid(),
        nn.Flatten(0),
    ]
    return (Two(5, 28, True) if classes else None), nn.Sequential(*layers)


def parameters(network):
    head, body = network
    return ([] if head is None else list(head.parameters())) + list(body.parameters())


def fill(network, seed):
    """Element i of parameter k is .15 times uniform(seed + k, i), of a scale of a norm 1 more."""
    for ordinal, parameter in enumerate(parameters(network)):
        values = torch.from_numpy(uniform(seed + ordinal, parameter.numel())).float().reshape(parameter.shape) * 0.15
        scale = any(m.weight is parameter for m in network[1].modules() if isinstance(m, nn.BatchNorm2d))
        with torch.no_grad():
            parameter.copy_(values + (1 if scale else 0))


def apply(network, x, label):
    head, body = network
    return body(x if head is None else head(x, label))


def train(classes):
    make, judge = generator(classes), discriminator(classes)
    fill(make, 0)
    fill(judge, 100)
    adam = dict(lr=RATE, betas=(0.5, 0.999))
    make_step, judge_step = torch.optim.Adam(parameters(make), **adam), torch.optim.Adam(parameters(judge), **adam)
    random = torch.Generator().manual_seed(11)
    state = random.get_state().numpy().tobytes()
    images, labels = mnist(SAMPLES * ITERATIONS)
    images, labels = torch.from_numpy(images).float() / 127.5 - 1, torch.from_numpy(labels)
    loss = nn.BCELoss()
    losses = []
    for iteration in range(ITERATIONS):
        part = slice(iteration * SAMPLES, (iteration + 1) * SAMPLES)
        judge_step.zero_grad()
        target = torch.empty(SAMPLES).uniform_(0.8, 1, generator=random)
        real = loss(apply(judge, images[part], labels[part]).flatten(), target)
        real.backward()
        noise = torch.randn(SAMPLES, 8, 1, 1, generator=random)
        asked = torch.randint(10, (SAMPLES,), generator=random) if classes else None
        made = apply(make, noise, asked)
        fake = loss(apply(judge, made.detach(), asked).flatten(), torch.zeros(SAMPLES))
        fake.backward()
        judge_step.step()
        make_step.zero_grad()
        verdict = loss(apply(judge, made, asked).flatten(), torch.ones(SAMPLES))
        verdict.backward()
        make_step.step()
        losses.append([(real + fake).item(), verdict.item()])
    for network in (make, judge):
        network[1].eval()
    noise = torch.linspace(-1, 1, 2 * 8).reshape(2, 8, 1, 1)
    with torch.no_grad():
        pictures = apply(make, noise, torch.tensor([3, 7]))
    return {
        "classes": classes,
        "generator": base64.b64encode(state).decode(),
        "losses": losses,
        "norms": [[p.double().norm().item() for p in parameters(network)] for network in (make, judge)],
        "pictures": pictures.flatten()[::97].tolist(),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    cases = [train(False), train(True)]
    version = torch.__version__.split("+")[0]
    with open(os.path.join(HERE, "adversarial.json"), "w", encoding="utf-8") as file:
        json.dump({"torch": version, "samples": SAMPLES, "iterations": ITERATIONS, "rate": RATE, "cases": cases}, file, indent=1)
        file.write("\n")
