"""The Python side of `npm run bench`: `loops.py TASK PRECISION KIND STEPS THREADS [WORKERS] < files as JSON`.

KIND `usual` is the loop of every tutorial: a Dataset that turns one stored image into a normalised float tensor, a
DataLoader that collates and shuffles. It is a lighter Dataset than torchvision's, which goes through PIL. KIND
`preloaded` keeps all images as normalised float tensors and indexes batches out of them. PRECISION `bfloat16` computes
forward pass and loss under autocast. Prints one JSON object: seconds a step after a warm-up, and the peak memory of
this process (its workers not counted).
"""

import json
import math
import os
import resource
import sys
import time

import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "baselines"))
import recipes  # noqa: E402

DROPOUT = 0.5


# Tasks: each makes of its precision a function that trains one step and returns its loss --------------------------


def supervised(network, optimizer, criterion, precision="float32", after_step=lambda: None):
    network.train()

    def step(inputs, targets):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
            loss = criterion(network(inputs), targets)
        loss.backward()
        optimizer.step()
        after_step()
        return loss.item()

    return step


def mnist_logit(precision):
    network = recipes.mnist_logit()
    return supervised(network, torch.optim.SGD(network.parameters(), lr=0.04), nn.CrossEntropyLoss(), precision)


def mnist_conv(precision):
    """recipes.mnist_conv has no dropout, since baselines want no chance; here it stands after each ReLU."""
    layers = []
    for layer in recipes.mnist_conv():
        layers.append(layer)
        if isinstance(layer, nn.ReLU):
            layers.append(nn.Dropout(DROPOUT))
    network = nn.Sequential(*layers)
    return supervised(network, torch.optim.SGD(network.parameters(), lr=0.04), nn.CrossEntropyLoss(), precision)


def mnist_lstm(precision):
    network = recipes.RowReader()
    return supervised(network, torch.optim.AdamW(network.parameters(), lr=0.001), nn.CrossEntropyLoss(), precision)


def cifar10_resnet18(precision):
    network = recipes.resnet18()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.08, momentum=0.9, weight_decay=0.0005, nesterov=True)
    return supervised(network, optimizer, nn.CrossEntropyLoss(), precision)


def generator():
    return nn.Sequential(
        nn.ConvTranspose2d(100, 256, 4, bias=False), nn.BatchNorm2d(256), nn.ReLU(),
        nn.ConvTranspose2d(256, 128, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(128), nn.ReLU(),
        nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 1, 4, stride=2, padding=1, bias=False), nn.Tanh(),
    )  # fmt: skip


def discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 64, 4, stride=2, padding=1, bias=False), nn.LeakyReLU(0.2),
        nn.Conv2d(64, 128, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(128), nn.LeakyReLU(0.2),
        nn.Conv2d(128, 256, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(256), nn.LeakyReLU(0.2),
        nn.Conv2d(256, 1, 3, bias=False), nn.Sigmoid(), nn.Flatten(),
    )  # fmt: skip


def mnist_gan(precision):
    """An iteration as in PyTorch's DCGAN tutorial; the recipe draws the targets of real images from [.8, 1]."""
    make, judge = generator(), discriminator()
    make_optimizer = torch.optim.Adam(make.parameters(), lr=0.0002, betas=(0.5, 0.999))
    judge_optimizer = torch.optim.Adam(judge.parameters(), lr=0.0002, betas=(0.5, 0.999))
    criterion = nn.BCELoss()

    def step(images, _):
        count = len(images)
        judge_optimizer.zero_grad()
        real = criterion(judge(images).view(-1), torch.empty(count).uniform_(0.8, 1))
        real.backward()
        generated = make(torch.randn(count, 100, 1, 1))
        fake = criterion(judge(generated.detach()).view(-1), torch.zeros(count))
        fake.backward()
        judge_optimizer.step()
        make_optimizer.zero_grad()
        verdict = criterion(judge(generated).view(-1), torch.ones(count))
        verdict.backward()
        make_optimizer.step()
        return (real + fake).item() + verdict.item()

    return step


def cifar10_fast(precision):
    """The recipe's first steps: a whitening layer and scales of norms that are not trained, biases of norms at 64 times
    the rate, and slow weights every five steps. The rate is that of the first step."""
    network = recipes.CifarFast().to(memory_format=torch.channels_last)
    whitening = network[0]
    norms = [module for module in network if isinstance(module, nn.BatchNorm2d)]
    for fixed in [whitening.weight, *(norm.weight for norm in norms)]:
        fixed.requires_grad_(False)
    rate, biases = 0.3, [norm.bias for norm in norms]
    weights = [module.weight for module in network if isinstance(module, (nn.Conv2d, nn.Linear))][1:]
    optimizer = torch.optim.SGD(
        [
            {"params": [whitening.bias, *weights]},
            {"params": biases, "lr": 64 * rate, "weight_decay": 0.0000208},
        ],
        lr=rate, momentum=0.85, nesterov=True, weight_decay=0.00133,
    )  # fmt: skip
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    slow = [parameter.detach().clone() for parameter in trained]
    done, total = 0, 480

    @torch.no_grad()
    def look_ahead():
        nonlocal done
        done += 1
        if done % 5 == 0:
            share = 1 - 0.95**5 * (done / total) ** 3
            for parameter, kept in zip(trained, slow):
                kept.lerp_(parameter, share)
                parameter.copy_(kept)

    return supervised(network, optimizer, nn.CrossEntropyLoss(label_smoothing=0.2), precision, look_ahead)


def affine(images):
    return images.float() / 127.5 - 1


CIFAR_MEAN, CIFAR_STD = (torch.tensor(v).view(3, 1, 1) for v in ([0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]))


def zscore(images):
    return (images.float() / 255 - CIFAR_MEAN) / CIFAR_STD


def channels_last(images):
    return zscore(images).contiguous(memory_format=torch.channels_last)


# Name: step, batch, how stored images become inputs
TASKS = {
    "mnist-logit": (mnist_logit, 100, affine),
    "mnist-conv": (mnist_conv, 100, affine),
    "mnist-lstm": (mnist_lstm, 60, affine),
    "mnist-gan": (mnist_gan, 60, affine),
    "cifar10-resnet18": (cifar10_resnet18, 64, affine),
    "cifar10-fast": (cifar10_fast, 1024, channels_last),
}


# Batches -------------------------------------------------------------------------------------------------------


def read_bytes(name, offset=0):
    with open(name, "rb") as file:
        file.seek(offset)
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)


def load(files):
    if files["format"] == "idx":
        return read_bytes(files["images"], 16).view(-1, 1, 28, 28), read_bytes(files["labels"], 8).long()
    records = torch.cat([read_bytes(name).view(-1, 3073) for name in files["files"]])
    return records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0].long()


class Images(torch.utils.data.Dataset):
    def __init__(self, images, labels, normalise):
        self.images = images
        self.labels = labels
        self.normalise = normalise

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.normalise(self.images[index]), int(self.labels[index])


def usual_batches(images, labels, normalise, batch_size, workers):
    loader = torch.utils.data.DataLoader(
        Images(images, labels, normalise), batch_size=batch_size, shuffle=True, num_workers=workers
    )
    while True:
        yield from loader


def preloaded_batches(images, labels, normalise, batch_size):
    inputs = normalise(images)
    while True:
        order = torch.randperm(len(labels))
        # As drop_last: every step has a whole batch.
        for first in range(0, len(labels) - batch_size + 1, batch_size):
            chosen = order[first : first + batch_size]
            yield inputs[chosen], labels[chosen]


def main():
    task, precision, kind, steps, threads = *sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
    workers = int(sys.argv[6]) if len(sys.argv) > 6 else 0
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    make_step, batch_size, normalise = TASKS[task]
    images, labels = load(json.load(sys.stdin))
    batches = (
        usual_batches(images, labels, normalise, batch_size, workers)
        if kind == "usual"
        else preloaded_batches(images, labels, normalise, batch_size)
    )
    train_step = make_step(precision)
    warm_up = max(1, steps // 10)
    total = 0.0
    start = time.perf_counter()
    for step, (inputs, targets) in enumerate(batches):
        if step == warm_up:
            start = time.perf_counter()
        if step == warm_up + steps:
            break
        total += train_step(inputs, targets)
    seconds = (time.perf_counter() - start) / steps
    if not math.isfinite(total):
        sys.exit(f"ArithmeticError: the loss of {task} is not a number")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"secondsPerStep": seconds, "peakBytes": peak, "version": torch.__version__}))
    sys.stdout.flush()
    os._exit(0)  # a DataLoader's workers take seconds to end


# A worker of a DataLoader that is not forked reads this file again.
if __name__ == "__main__":
    main()
