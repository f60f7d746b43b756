"""Baselines of the supervised recipes: recipes/NAME.json beside this file.

The networks are written from the published descriptions with torch.nn alone, not from the recipe files they check.
Children are registered in the order in which our tree has them (body before shortcut), because that order numbers
the parameters. Dropout stands at probability 0 on both sides, nothing is augmented, batches are the first samples of
the training files in file order. `python3 recipes.py [NAME ...]`.

The rate is that of the recipe's first epoch, or a tenth, a hundredth … of it where PyTorch's own float32 and float64
do not agree to ATTAINABLE after the steps, half the bound of 1e-4 that the tests hold the engine to,
or a probability vanishes: `rateDivisor`.
"""

import json
import os
import sys

import torch
from torch import nn
from torch.nn import functional as F

import baseline

torch.manual_seed(0)


# Networks ------------------------------------------------------------------------------------------------------


class Residual(nn.Module):
    """after(body(x) + shortcut(x))"""

    def __init__(self, body, shortcut=None, after=None):
        super().__init__()
        self.body = body
        self.shortcut = shortcut if shortcut is not None else nn.Identity()
        self.after = after if after is not None else nn.Identity()

    def forward(self, x):
        return self.after(self.body(x) + self.shortcut(x))


def mnist_logit():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def mnist_linear():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 800), nn.ReLU(), nn.Linear(800, 10))


def mnist_conv():
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10),
    )  # fmt: skip


def mnist_simpnet():
    layers = []

    def convolution(inputs, outputs, kernel=3, pool=None):
        layers.extend([
            nn.Conv2d(inputs, outputs, kernel, padding="same"),
            nn.BatchNorm2d(outputs, eps=1e-5, momentum=0.05),
            nn.ReLU(),
        ])  # fmt: skip
        if pool:
            layers.append(nn.MaxPool2d(pool))

    convolution(1, 66)
    convolution(66, 64)
    convolution(64, 64)
    convolution(64, 64)
    convolution(64, 96, pool=2)
    for _ in range(4):
        convolution(96, 96)
    convolution(96, 144, pool=2)
    convolution(144, 144, kernel=1)
    convolution(144, 178, kernel=1)
    convolution(178, 216, pool=7)
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(216, 10))


def mnist_fast():
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2, bias=False), nn.MaxPool2d(2), nn.BatchNorm2d(16), nn.ReLU(),
        nn.Conv2d(16, 32, 3, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(256, 10),
    )  # fmt: skip


class CifarFast(nn.Sequential):
    """The network of Jordan 2024, arXiv 2404.00498, listing 4."""

    def __init__(self):
        layers, inputs = [nn.Conv2d(3, 24, 2), nn.GELU()], 24
        for outputs in (64, 256, 256):
            layers += [
                nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.MaxPool2d(2),
                nn.BatchNorm2d(outputs, eps=1e-12, momentum=0.4), nn.GELU(),
                nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
                nn.BatchNorm2d(outputs, eps=1e-12, momentum=0.4), nn.GELU(),
            ]  # fmt: skip
            inputs = outputs
        super().__init__(*layers, nn.MaxPool2d(3), nn.Flatten(), nn.Linear(256, 10, bias=False))

    def forward(self, x):
        return super().forward(x) / 9


def cifar_fast_sgd(network):
    """Biases of norms at 64 times the rate and with a 64th of the decay; weights of norms and of the first layer are not
    trained."""
    convolution, *rest = network.children()
    norms = [module for module in rest if isinstance(module, nn.BatchNorm2d)]
    biases, scales = [norm.bias for norm in norms], [norm.weight for norm in norms]
    weights = [module.weight for module in rest if isinstance(module, (nn.Conv2d, nn.Linear))]
    groups = [
        {"params": [convolution.bias, *weights], "weight_decay": 0.00133},
        {"params": biases, "factor": 64, "weight_decay": 0.0000208},
        {"params": [convolution.weight, *scales], "factor": 0},
    ]
    return torch.optim.SGD(groups, lr=0.0, momentum=0.85, nesterov=True)


class RowReader(nn.Module):
    """The rows of an image as a sequence; what the last step says."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 128, 2, batch_first=True)
        self.linear = nn.Linear(128, 10)

    def forward(self, x):
        return self.linear(self.lstm(x.squeeze(1))[0][:, -1])


def conv_norm(inputs, outputs, kernel, stride=1, padding=0):
    return [
        nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=padding, bias=False),
        nn.BatchNorm2d(outputs),
    ]


def basic_block(inputs, channels, stride):
    body = nn.Sequential(*conv_norm(inputs, channels, 3, stride, 1), nn.ReLU(), *conv_norm(channels, channels, 3, 1, 1))
    changes = stride != 1 or inputs != channels
    return Residual(body, nn.Sequential(*conv_norm(inputs, channels, 1, stride)) if changes else None, nn.ReLU())


def bottleneck_block(inputs, channels, stride):
    """He et al. 2015 with the stride in the 3x3 convolution, as torchvision has it."""
    outputs = 4 * channels
    body = nn.Sequential(
        *conv_norm(inputs, channels, 1), nn.ReLU(),
        *conv_norm(channels, channels, 3, stride, 1), nn.ReLU(),
        *conv_norm(channels, outputs, 1),
    )  # fmt: skip
    changes = stride != 1 or inputs != outputs
    return Residual(body, nn.Sequential(*conv_norm(inputs, outputs, 1, stride)) if changes else None, nn.ReLU())


def resnet(block, expansion, depths):
    """For 32 x 32 images: stem of one 3x3 convolution, no max pool."""
    layers = [*conv_norm(3, 64, 3, 1, 1), nn.ReLU()]
    inputs = 64
    for channels, stride, depth in zip((64, 128, 256, 512), (1, 2, 2, 2), depths):
        for index in range(depth):
            layers.append(block(inputs, channels, stride if index == 0 else 1))
            inputs = channels * expansion
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


def resnet18():
    return resnet(basic_block, 1, (2, 2, 2, 2))


def resnet34():
    return resnet(basic_block, 1, (3, 4, 6, 3))


def resnet50():
    return resnet(bottleneck_block, 4, (3, 4, 6, 3))


def wide_resnet():
    """WRN-16-8 (Zagoruyko and Komodakis 2016): convolutions without bias; the first block of a group shares its
    first norm and ReLU between body and shortcut."""

    def convolution(inputs, outputs, kernel, stride=1):
        return nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=kernel // 2, bias=False)

    layers = [convolution(3, 16, 3)]
    inputs = 16
    for channels, stride in ((128, 1), (256, 2), (512, 2)):
        layers += [
            nn.BatchNorm2d(inputs),
            nn.ReLU(),
            Residual(
                nn.Sequential(
                    convolution(inputs, channels, 3, stride), nn.BatchNorm2d(channels), nn.ReLU(),
                    convolution(channels, channels, 3),
                ),
                convolution(inputs, channels, 1, stride),
            ),
            Residual(
                nn.Sequential(
                    nn.BatchNorm2d(channels), nn.ReLU(), convolution(channels, channels, 3),
                    nn.BatchNorm2d(channels), nn.ReLU(), convolution(channels, channels, 3),
                )
            ),
        ]  # fmt: skip
        inputs = channels
    return nn.Sequential(*layers, nn.BatchNorm2d(512), nn.ReLU(), nn.AvgPool2d(8), nn.Flatten(), nn.Linear(512, 10))


def lesson_simplenet():
    return nn.Sequential(nn.Flatten(), nn.Linear(3072, 40), nn.ReLU(), nn.Linear(40, 10), nn.LogSoftmax(1))


def lesson_head(channels):
    return [nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(channels, 10), nn.LogSoftmax(1)]


def lesson_convnet(padding=0):
    layers = []
    for inputs, outputs in ((3, 20), (20, 40), (40, 80)):
        layers += [nn.Conv2d(inputs, outputs, 3, stride=2, padding=padding), nn.ReLU()]
    return nn.Sequential(*layers, *lesson_head(80))


def unit(inputs, outputs, stride, kernel=3):
    """The lesson's own layer: the norm comes after the ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=1, bias=False), nn.ReLU(), nn.BatchNorm2d(outputs)
    )


LESSON_CHANNELS = ((10, 20), (20, 40), (40, 80), (80, 160))


def lesson_convbn():
    units = [unit(i, o, 2) for i, o in LESSON_CHANNELS]
    return nn.Sequential(nn.Conv2d(3, 10, 5, padding=2), *units, *lesson_head(160))


def lesson_convbn_deep():
    units = [nn.Sequential(unit(i, o, 2), unit(o, o, 1)) for i, o in LESSON_CHANNELS]
    return nn.Sequential(nn.Conv2d(3, 10, 5, padding=2), *units, *lesson_head(160))


def residual_stage(inputs, outputs):
    return nn.Sequential(
        unit(inputs, outputs, 2), Residual(unit(outputs, outputs, 1)), Residual(unit(outputs, outputs, 1))
    )


def lesson_resnet():
    stages = [residual_stage(i, o) for i, o in LESSON_CHANNELS]
    return nn.Sequential(nn.Conv2d(3, 10, 5, padding=2), *stages, *lesson_head(160))


def lesson_resnet2():
    stages = [residual_stage(i, o) for i, o in ((16, 32), (32, 128), (128, 256))]
    return nn.Sequential(unit(3, 16, 1, kernel=7), *stages, *lesson_head(256))


def tutorial_lenet():
    return nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


# Losses and optimizers -----------------------------------------------------------------------------------------


def cross_entropy(smoothing=0.0):
    return lambda output, labels, dtype: F.cross_entropy(output, labels, label_smoothing=smoothing)


def nll(output, labels, dtype):
    return F.nll_loss(output, labels)


def sgd(**options):
    return lambda network: torch.optim.SGD(network.parameters(), lr=0.0, **options)


def adamw(**options):
    return lambda network: torch.optim.AdamW(network.parameters(), lr=0.0, **options)


def lbfgs(maxIter):
    return lambda network: torch.optim.LBFGS(network.parameters(), lr=1.0, max_iter=maxIter)


def lamb(**options):
    return lambda network: baseline.Lamb(network.parameters(), lr=0.0, **options)


# Recipes -------------------------------------------------------------------------------------------------------

MNIST = {"source": "mnist", "read": baseline.mnist, "normalise": lambda x: x / 127.5 - 1}


def cifar(mean, std):
    mean, std = (torch.tensor(v, dtype=torch.float64).reshape(1, 3, 1, 1) for v in (mean, std))
    return {"source": "cifar10", "read": baseline.cifar10, "normalise": lambda x: (x / 255 - mean) / std}


with open(os.path.join(baseline.HERE, "cifar10-statistics.json")) as file:
    STATISTICS = json.load(file)
CIFAR = cifar(STATISTICS["mean"], STATISTICS["std"])
LESSON = cifar([0.4914, 0.48216, 0.44653], [0.24703, 0.24349, 0.26159])
MNIST_ZSCORE = {**MNIST, "normalise": lambda x: (x / 255 - 0.1307) / 0.3081}
JORDAN = cifar([0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616])
TUTORIAL = cifar([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])

RESIDUAL_SGD = sgd(momentum=0.9, weight_decay=0.0005, nesterov=True)
LESSON_SGD = sgd(momentum=0.9)

# Stand for the recipe's own. In mnist-simpnet the biases in front of the norms have gradient 0 but for rounding, and
# AdamW divides the rounding by its own size unless eps is larger than it.
OPTIMIZER_OPTIONS = {
    "mnist-simpnet": {"eps": 1e-3},
    "mnist-simpnet-swa": {"eps": 1e-3},
    # Each of L-BFGS's iterations divides by differences of gradients; after 60 of them no two precisions agree.
    "mnist-lbfgs": {"maxIter": 4},
}

# name: network, data, loss, optimizer, rate of the first epoch, batch
RECIPES = {
    "mnist-logit": (mnist_logit, MNIST, cross_entropy(), sgd(), 0.04, 32),
    "mnist-linear": (mnist_linear, MNIST, cross_entropy(), sgd(momentum=0.9, nesterov=True), 0.05, 32),
    "mnist-conv": (mnist_conv, MNIST, cross_entropy(0.01), lamb(weight_decay=0.1), 0.01, 32),
    "mnist-swa": (mnist_conv, MNIST, cross_entropy(0.01), lamb(weight_decay=0.1), 0.01, 32),
    "mnist-lbfgs": (mnist_conv, MNIST, cross_entropy(0.01), lbfgs(**OPTIMIZER_OPTIONS["mnist-lbfgs"]), 1.0, 32),
    "mnist-simpnet-swa": (
        mnist_simpnet, MNIST, cross_entropy(0.01),
        adamw(betas=(0.5, 0.95), weight_decay=0.1, **OPTIMIZER_OPTIONS["mnist-simpnet-swa"]), 0.002, 16,
    ),
    "mnist-simpnet": (
        mnist_simpnet, MNIST, cross_entropy(0.01),
        adamw(betas=(0.5, 0.95), weight_decay=0.1, **OPTIMIZER_OPTIONS["mnist-simpnet"]), 0.01, 16,
    ),
    "mnist-fast": (mnist_fast, MNIST_ZSCORE, cross_entropy(0.1), RESIDUAL_SGD, 0.04, 32),
    "mnist-lstm": (RowReader, MNIST, cross_entropy(), adamw(weight_decay=0.01), 0.001, 32),
    # A tenth of its rate: rounding of biases that learn at 64 times the rate is seen otherwise.
    "cifar10-fast": (CifarFast, JORDAN, cross_entropy(0.2), cifar_fast_sgd, 0.03, 16),
    "cifar10-resnet18": (resnet18, CIFAR, cross_entropy(), RESIDUAL_SGD, 0.08, 8),
    "cifar10-resnet34": (resnet34, CIFAR, cross_entropy(), RESIDUAL_SGD, 0.08, 8),
    "cifar10-resnet50": (resnet50, CIFAR, cross_entropy(), RESIDUAL_SGD, 0.08, 8),
    "cifar10-wideresnet": (wide_resnet, CIFAR, cross_entropy(0.1), RESIDUAL_SGD, 0.08, 8),
    "lesson-simplenet": (lesson_simplenet, LESSON, nll, LESSON_SGD, 0.01, 16),
    "lesson-convnet": (lesson_convnet, LESSON, nll, LESSON_SGD, 0.1, 16),
    "lesson-convnet2": (lambda: lesson_convnet(padding=1), LESSON, nll, LESSON_SGD, 0.1, 16),
    "lesson-convbn": (lesson_convbn, LESSON, nll, LESSON_SGD, 0.03, 16),
    "lesson-convbn-deep": (lesson_convbn_deep, LESSON, nll, LESSON_SGD, 0.01, 16),
    "lesson-resnet": (lesson_resnet, LESSON, nll, sgd(momentum=0.9, weight_decay=1e-5), 0.01, 16),
    "lesson-resnet2": (lesson_resnet2, LESSON, nll, sgd(momentum=0.9, weight_decay=1e-6), 0.01, 16),
    "tutorial-lenet": (tutorial_lenet, TUTORIAL, cross_entropy(), sgd(momentum=0.9), 0.001, 5),
    "tutorial-resnet18": (resnet18, TUTORIAL, cross_entropy(), sgd(momentum=0.9), 0.001, 5),
    "tutorial-resnet34": (resnet34, TUTORIAL, cross_entropy(), sgd(momentum=0.9), 0.001, 5),
}  # fmt: skip

STEPS = 3
ATTAINABLE = 5e-5
SMALLEST = -80  # log-probability: its exponential is still a float32


def main():
    for name in sys.argv[1:] or RECIPES:
        build, data, loss, optimizer, rate, batch = RECIPES[name]
        images, labels = data["read"](STEPS * batch)
        inputs = data["normalise"](torch.from_numpy(images).double())
        network = build()
        # Deep networks have many parameters: fewer elements of each.
        show = 8 if len(list(network.parameters())) < 40 else 4
        for divisor in (1, 10, 100, 1000, 10000):
            rates = [rate / divisor] * STEPS
            result = baseline.run(network, optimizer, loss, rates, inputs, torch.from_numpy(labels), batch, show=show)
            errors = result["float64"]
            print(name, divisor, " ".join(f"{key} {value:.1e}" for key, value in errors.items()), flush=True)
            agrees = max(errors[key] for key in ("losses", "after", "parameters", "buffers")) < ATTAINABLE
            if agrees and min(map(min, result["training"]["outputs"])) > SMALLEST:
                break
        else:
            raise SystemExit(f"{name}: no rate at which float32 and float64 agree")
        about = {"source": data["source"], "rateDivisor": divisor, "optimizerOptions": OPTIMIZER_OPTIONS.get(name, {})}
        baseline.write(f"recipes/{name}.json", {"recipe": name, **about, **result})


if __name__ == "__main__":
    main()
