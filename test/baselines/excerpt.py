"""Cuts what the CIFAR-10 baselines need out of the whole data set, so that the tests need no download:
cifar10-excerpt.bin (the first 48 records of data_batch_1.bin) and cifar10-statistics.json (mean and standard
deviation of x / 255 per channel over all 50,000 training images). `python3 excerpt.py FOLDER` with data_batch_1..5.bin.
"""

import json
import os
import sys

import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
COUNT = 48


def main():
    folder = sys.argv[1]
    files = [os.path.join(folder, f"data_batch_{k}.bin") for k in range(1, 6)]
    batches = [numpy.fromfile(file, dtype=numpy.uint8).reshape(10000, 3073) for file in files]
    batches[0][:COUNT].tofile(os.path.join(HERE, "cifar10-excerpt.bin"))
    # Exact integer sums: 50,000 x 1,024 squares below 2^16 fit easily into 64 bits.
    pixels = [batch[:, 1:].reshape(-1, 3, 1024).astype(numpy.int64) for batch in batches]
    count = 50000 * 1024
    mean = sum(p.sum((0, 2)) for p in pixels) / count
    square = sum((p * p).sum((0, 2)) for p in pixels) / count
    std = numpy.sqrt(square - mean * mean)
    with open(os.path.join(HERE, "cifar10-statistics.json"), "w") as file:
        json.dump({"mean": (mean / 255).tolist(), "std": (std / 255).tolist()}, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    main()
