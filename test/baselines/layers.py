"""Writes layers.json: what PyTorch's layers make of random options and inputs, or that they refuse them.

    python test/baselines/layers.py

Each case: [layer, options, input shape without the batch, outcome]; the outcome is null for a refusal, else
[output shape without the batch, {parameter: shape}, {buffer: shape}]. Options that are not drawn stay PyTorch's.
"""

import json
import pathlib
import random
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")

BATCH = 2
CASES = 120


def pair(low, high):
    """One number or two."""
    if random.random() < 0.5:
        return random.randint(low, high)
    return [random.randint(low, high), random.randint(low, high)]


def maybe(options, name, draw, chance=0.5):
    if random.random() < chance:
        options[name] = draw()


def image(channels=(1, 8), size=(1, 9)):
    return [random.randint(*channels), random.randint(*size), random.randint(*size)]


def near(value, chance=0.85):
    """The right number most of the time."""
    return value if random.random() < chance else random.randint(1, 8)


def linear():
    shape = [random.randint(1, 9) for _ in range(random.randint(1, 3))]
    options = {"in_features": near(shape[-1]), "out_features": random.randint(1, 9)}
    maybe(options, "bias", lambda: random.random() < 0.5)
    return options, shape


def conv2d():
    shape = image()
    options = {"in_channels": near(shape[0]), "out_channels": random.randint(1, 8), "kernel_size": pair(1, 4)}
    maybe(options, "stride", lambda: pair(1, 3))
    maybe(options, "padding", lambda: random.choice([pair(0, 3), "same", "valid"]), 0.7)
    maybe(options, "dilation", lambda: pair(1, 3), 0.3)
    maybe(options, "groups", lambda: random.choice([2, 3, 4]), 0.3)
    maybe(options, "bias", lambda: False, 0.3)
    maybe(options, "padding_mode", lambda: random.choice(["reflect", "replicate", "circular"]), 0.4)
    return options, shape


def max_pool():
    options = {"kernel_size": pair(1, 5)}
    maybe(options, "stride", lambda: pair(1, 4))
    maybe(options, "padding", lambda: pair(0, 3))
    maybe(options, "dilation", lambda: pair(1, 3), 0.3)
    maybe(options, "ceil_mode", lambda: True)
    return options, image()


def avg_pool():
    options, shape = max_pool()
    options.pop("dilation", None)
    maybe(options, "count_include_pad", lambda: False)
    return options, shape


def adaptive():
    return {"output_size": pair(1, 12)}, image()


def batch_norm(shape):
    options = {"num_features": near(shape[0])}
    maybe(options, "eps", lambda: 0.001)
    maybe(options, "momentum", lambda: 0.05)
    maybe(options, "affine", lambda: False)
    maybe(options, "track_running_stats", lambda: False)
    # With no tensor of that size PyTorch never looks at it; we refuse a wrong one anyway.
    if "affine" in options and "track_running_stats" in options:
        options["num_features"] = shape[0]
    return options, shape


def batch_norm_1d():
    return batch_norm([random.randint(1, 8) for _ in range(random.choice([1, 1, 2, 2, 3]))])


def batch_norm_2d():
    return batch_norm([random.randint(1, 8) for _ in range(random.choice([1, 2, 3, 3, 3, 4]))])


def group_norm():
    shape = [random.randint(1, 12)] + [random.randint(2, 6) for _ in range(random.randint(0, 2))]
    options = {"num_groups": random.randint(1, 4), "num_channels": near(shape[0])}
    maybe(options, "affine", lambda: False)
    if "affine" in options:
        options["num_channels"] = shape[0]
    return options, shape


def layer_norm():
    shape = [random.randint(1, 6) for _ in range(random.randint(1, 3))]
    end = shape[-random.randint(1, len(shape)) :]
    if random.random() < 0.2:
        end[0] += 1
    options = {"normalized_shape": end[0] if len(end) == 1 else end}
    maybe(options, "elementwise_affine", lambda: False, 0.3)
    maybe(options, "bias", lambda: False, 0.3)
    return options, shape


def flatten():
    shape = [random.randint(1, 5) for _ in range(random.randint(1, 4))]
    rank = len(shape) + 1
    options = {}
    # The batch (0 and -rank) is left out: PyTorch would mix samples, we refuse.
    dims = [dim for dim in range(-rank + 1, rank + 1) if dim != 0]
    maybe(options, "start_dim", lambda: random.choice(dims))
    maybe(options, "end_dim", lambda: random.choice(dims))
    return options, shape


def softmax():
    shape = [random.randint(1, 5) for _ in range(random.randint(1, 3))]
    rank = len(shape) + 1
    return {"dim": random.choice([dim for dim in range(-rank + 1, rank + 1) if dim != 0])}, shape


def plain(**options):
    return lambda: (options, [random.randint(1, 5) for _ in range(random.randint(1, 3))])


LAYERS = {
    "Linear": (linear, CASES),
    "Identity": (plain(), 2),
    "Conv2d": (conv2d, 5 * CASES),
    "MaxPool2d": (max_pool, 4 * CASES),
    "AvgPool2d": (avg_pool, 2 * CASES),
    "AdaptiveAvgPool2d": (adaptive, 20),
    "AdaptiveMaxPool2d": (adaptive, 20),
    "BatchNorm1d": (batch_norm_1d, CASES),
    "BatchNorm2d": (batch_norm_2d, CASES),
    "GroupNorm": (group_norm, CASES),
    "LayerNorm": (layer_norm, CASES),
    "Dropout": (plain(p=0.3), 2),
    "Dropout2d": (lambda: ({"p": 0.3}, image()), 2),
    "ReLU": (plain(), 2),
    "LeakyReLU": (plain(negative_slope=0.2), 2),
    "ELU": (plain(alpha=0.5), 2),
    "GELU": (plain(approximate="tanh"), 2),
    "SiLU": (plain(), 2),
    "Sigmoid": (plain(), 2),
    "Tanh": (plain(), 2),
    "Mish": (plain(), 2),
    "Hardswish": (plain(), 2),
    "Softmax": (softmax, 40),
    "LogSoftmax": (softmax, 40),
    "Flatten": (flatten, CASES),
}


def shapes(tensors):
    return {name: list(tensor.shape) for name, tensor in tensors}


def outcome(layer, options, shape):
    tuples = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    try:
        # Evaluation mode: in training mode norms also refuse batches with a single value a channel.
        module = getattr(nn, layer)(**tuples).eval()
        output = module(torch.zeros(BATCH, *shape))
    except (RuntimeError, ValueError, IndexError):
        return None
    if output.isinf().any():
        # A max pool's window that touches no pixel: the backward pass would write outside of its memory.
        return None
    return [list(output.shape[1:]), shapes(module.named_parameters()), shapes(module.named_buffers())]


def main():
    random.seed(1)
    lines = []
    for layer, (draw, count) in LAYERS.items():
        refused = 0
        for _ in range(count):
            options, shape = draw()
            result = outcome(layer, options, shape)
            refused += result is None
            lines.append(json.dumps([layer, options, shape, result]))
        print(f"{layer}: {count} cases, {refused} refused")
    text = f'{{"torch": "{torch.__version__.split("+")[0]}", "cases": [\n' + ",\n".join(lines) + "\n]}\n"
    pathlib.Path(__file__).with_name("layers.json").write_text(text)


if __name__ == "__main__":
    main()
