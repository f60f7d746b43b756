"""Counts, mean, deviation and equal samples of the known data sets, as NumPy finds them: data-facts.json.

    python test/baselines/data_facts.py mnist=FOLDER fashion-mnist=FOLDER cifar10=FOLDER
"""

import gzip
import json
import pathlib
import sys
from collections import defaultdict

import numpy


def read(folder, name):
    plain = folder / name
    return plain.read_bytes() if plain.exists() else gzip.decompress((folder / f"{name}.gz").read_bytes())


def idx(folder, prefix):
    images = numpy.frombuffer(read(folder, f"{prefix}-images-idx3-ubyte")[16:], numpy.uint8)
    labels = numpy.frombuffer(read(folder, f"{prefix}-labels-idx1-ubyte")[8:], numpy.uint8)
    return images.reshape(len(labels), 1, 28, 28), labels


def cifar(folder, names):
    records = numpy.concatenate(
        [numpy.frombuffer((folder / name).read_bytes(), numpy.uint8).reshape(-1, 3073) for name in names]
    )
    return records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0]


def splits(name, folder):
    if name == "cifar10":
        return cifar(folder, [f"data_batch_{n}.bin" for n in range(1, 6)]), cifar(folder, ["test_batch.bin"])
    return idx(folder, "train"), idx(folder, "t10k")


def facts(name, folder):
    (train, train_labels), (test, test_labels) = splits(name, folder)
    groups = defaultdict(list)
    for place, image in enumerate([*train, *test]):
        groups[image.tobytes()].append(place)
    channels = range(train.shape[1])
    return {
        "train": numpy.bincount(train_labels).tolist(),
        "test": numpy.bincount(test_labels).tolist(),
        "mean": [float(train[:, c].mean(dtype=numpy.float64) / 255) for c in channels],
        "std": [float(train[:, c].astype(numpy.float64).std() / 255) for c in channels],
        "equal": sum(len(places) > 1 for places in groups.values()),
    }


found = dict(argument.split("=") for argument in sys.argv[1:])
written = {name: facts(name, pathlib.Path(folder)) for name, folder in found.items()}
target = pathlib.Path(__file__).parent / "data-facts.json"
target.write_text(json.dumps(written, indent=1) + "\n")
