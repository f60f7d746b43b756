"""The Python side of `npm run bench`: `loops.py TASK KIND STEPS THREADS [WORKERS] < files as JSON`.

KIND `usual` is the loop of every tutorial: a Dataset that turns one stored image into a normalised float tensor, a
DataLoader that collates and shuffles, cross entropy, SGD. It is a lighter Dataset than torchvision's, which goes
through PIL. KIND `preloaded` keeps all images as normalised float tensors and indexes batches out of them. Prints
one JSON object: seconds a step after a warm-up, and the peak memory of this process (its workers not counted).
"""

import json
import os
import resource
import sys
import time

import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "baselines"))
import recipes  # noqa: E402

DROPOUT = 0.5
RESNET_RATE, RESNET_MOMENTUM, RESNET_DECAY = 0.08, 0.9, 0.0005


def conv_with_dropout():
    """recipes.mnist_conv has none, since baselines want no chance; here it stands after each ReLU."""
    layers = []
    for layer in recipes.mnist_conv():
        layers.append(layer)
        if isinstance(layer, nn.ReLU):
            layers.append(nn.Dropout(DROPOUT))
    return nn.Sequential(*layers)


TASKS = {
    "mnist-logit": (recipes.mnist_logit, 100, lambda p: torch.optim.SGD(p, lr=0.04)),
    "mnist-conv": (conv_with_dropout, 100, lambda p: torch.optim.SGD(p, lr=0.04)),
    "cifar10-resnet18": (
        recipes.resnet18,
        64,
        lambda p: torch.optim.SGD(
            p, lr=RESNET_RATE, momentum=RESNET_MOMENTUM, weight_decay=RESNET_DECAY, nesterov=True
        ),
    ),
}


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
    def __init__(self, images, labels):
        self.images = images
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.images[index].float() / 127.5 - 1, int(self.labels[index])


def usual_batches(images, labels, batch_size, workers):
    loader = torch.utils.data.DataLoader(
        Images(images, labels), batch_size=batch_size, shuffle=True, num_workers=workers
    )
    while True:
        yield from loader


def preloaded_batches(images, labels, batch_size):
    inputs = images.float() / 127.5 - 1
    while True:
        order = torch.randperm(len(labels))
        for first in range(0, len(labels), batch_size):
            chosen = order[first : first + batch_size]
            yield inputs[chosen], labels[chosen]


def main():
    task, kind, steps, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    workers = int(sys.argv[5]) if len(sys.argv) > 5 else 0
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    make_network, batch_size, make_optimizer = TASKS[task]
    images, labels = load(json.load(sys.stdin))
    batches = (
        usual_batches(images, labels, batch_size, workers)
        if kind == "usual"
        else preloaded_batches(images, labels, batch_size)
    )
    network = make_network()
    network.train()
    optimizer = make_optimizer(network.parameters())
    criterion = nn.CrossEntropyLoss()
    warm_up = max(1, steps // 10)
    total = 0.0
    start = time.perf_counter()
    for step, (inputs, targets) in enumerate(batches):
        if step == warm_up:
            start = time.perf_counter()
        if step == warm_up + steps:
            break
        optimizer.zero_grad()
        loss = criterion(network(inputs), targets)
        loss.backward()
        optimizer.step()
        total += loss.item()
    seconds = (time.perf_counter() - start) / steps
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"secondsPerStep": seconds, "peakBytes": peak, "version": torch.__version__}))
    sys.stdout.flush()
    os._exit(0)  # a DataLoader's workers take seconds to end


main()
