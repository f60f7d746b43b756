"""Writes layers.json: what PyTorch's layers make of random options and inputs, or that they refuse them.

    python test/baselines/layers.py

Each case: [layer, options, input shape without the batch, or a list of several, outcome]; the outcome is null for a refusal, else
[output shape without the batch, {parameter: shape}, {buffer: shape}]. Options that are not drawn stay PyTorch's.
"""

import json
import math
import pathlib
import random
import warnings

import torch

import functions
import sequence_draws

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


def glu():
    options, shape = softmax()
    if random.random() < 0.3:
        del options["dim"]
    return options, shape


def prelu():
    shape = [random.randint(1, 4) for _ in range(random.randint(1, 3))]
    options = {}
    maybe(options, "num_parameters", lambda: near(shape[0], 0.6), 0.7)
    maybe(options, "init", lambda: 0.1)
    return options, shape


def limits(low, high):
    """Mostly the right way round."""
    def draw():
        options = {}
        maybe(options, low, lambda: random.choice([-2.0, 0.1, 0.25]))
        maybe(options, high, lambda: random.choice([-0.5, 0.25, 3.0]))
        return options, [random.randint(1, 5)]
    return draw


def sizes(dimensions, low=1, high=4):
    return [random.randint(low, high) for _ in range(dimensions)]


def batch_norm_3d():
    return batch_norm(sizes(random.choice([2, 3, 4, 4, 4])))


def instance_norm(dimensions):
    def draw():
        # Not one dimension less: PyTorch would take the batch for channels. Two elements a channel at least.
        shape = [random.randint(1, 6), *sizes(random.choice([dimensions] * 4 + [dimensions + 1]), 2)]
        options = {"num_features": near(shape[0])}
        maybe(options, "eps", lambda: 0.001)
        maybe(options, "affine", lambda: True)
        maybe(options, "track_running_stats", lambda: True)
        if not options.keys() & {"affine", "track_running_stats"}:
            options["num_features"] = shape[0]
        return options, shape
    return draw


def rms_norm():
    options, shape = layer_norm()
    options.pop("bias", None)
    return options, shape


def local_response_norm():
    return {"size": random.randint(1, 6)}, sizes(random.randint(1, 4))


def unflatten():
    shape = [random.choice([1, 2, 4, 6, 12]) for _ in range(random.randint(1, 3))]
    dim = random.choice([dim for dim in range(-len(shape), len(shape) + 2) if dim != 0])
    split = random.choice([[2, 2], [-1, 2], [3, -1], [2, -1, 2], [-1, -1], [12], [1, 4], [4, 3], [0, -1]])
    return {"dim": dim, "unflattened_size": split}, shape


def shuffle(option):
    return lambda: ({option: random.randint(1, 3)}, [random.choice([1, 4, 9, 18]), *sizes(2, 1, 6)])


def channel_shuffle():
    return {"groups": random.randint(1, 4)}, [random.choice([2, 4, 6, 9]), *sizes(random.choice([0, 1, 2, 2, 3]))]


def each(dimensions, low, high):
    """One number or one a dimension."""
    if random.random() < 0.5:
        return random.randint(low, high)
    return sizes(dimensions, low, high)


def convolution(dimensions):
    def draw():
        shape = [random.randint(1, 8), *sizes(dimensions, 1, 7)]
        options = {"in_channels": near(shape[0]), "out_channels": random.randint(1, 8)}
        options["kernel_size"] = each(dimensions, 1, 3)
        maybe(options, "stride", lambda: each(dimensions, 1, 2), 0.4)
        maybe(options, "padding", lambda: random.choice([each(dimensions, 0, 2), "same", "valid"]), 0.7)
        maybe(options, "dilation", lambda: each(dimensions, 1, 2), 0.3)
        maybe(options, "groups", lambda: random.choice([2, 3, 4]), 0.3)
        maybe(options, "bias", lambda: False, 0.3)
        maybe(options, "padding_mode", lambda: random.choice(["reflect", "replicate", "circular"]), 0.4)
        return options, shape
    return draw


def transposed_convolution(dimensions):
    def draw():
        shape = [random.randint(1, 8), *sizes(dimensions, 1, 5)]
        options = {"in_channels": near(shape[0]), "out_channels": random.randint(1, 8)}
        options["kernel_size"] = each(dimensions, 1, 3)
        maybe(options, "stride", lambda: each(dimensions, 1, 3), 0.6)
        maybe(options, "padding", lambda: each(dimensions, 0, 2))
        maybe(options, "output_padding", lambda: each(dimensions, 0, 2), 0.4)
        maybe(options, "dilation", lambda: each(dimensions, 1, 2), 0.3)
        maybe(options, "groups", lambda: random.choice([2, 3, 4]), 0.2)
        maybe(options, "bias", lambda: False, 0.3)
        return options, shape
    return draw


def pooling(dimensions, *more):
    """`more`: "dilation" and "count_include_pad" where there are such options."""
    def draw():
        options = {"kernel_size": each(dimensions, 1, 4)}
        maybe(options, "stride", lambda: each(dimensions, 1, 3))
        if more:
            maybe(options, "padding", lambda: each(dimensions, 0, 2))
        if "dilation" in more:
            maybe(options, "dilation", lambda: each(dimensions, 1, 3), 0.3)
        if "count_include_pad" in more:
            maybe(options, "count_include_pad", lambda: False)
        maybe(options, "ceil_mode", lambda: True)
        return options, [random.randint(1, 4), *sizes(dimensions, 1, 8)]
    return draw


def power_pooling(dimensions):
    def draw():
        options, shape = pooling(dimensions)()
        if dimensions == 1:  # PyTorch takes no list here
            options = {name: value[0] if isinstance(value, list) else value for name, value in options.items()}
        return {"norm_type": random.choice([1.0, 2.0, 3.5, 0]), **options}, shape
    return draw


def adaptive_pooling(dimensions):
    return lambda: ({"output_size": each(dimensions, 1, 5)}, [random.randint(1, 4), *sizes(dimensions, 1, 8)])


def pad(dimensions, ranks, **more):
    def draw():
        padding = random.choice([random.randint(0, 3), sizes(2 * dimensions, 0, 3)])
        return {"padding": padding, **more}, sizes(random.choice(ranks), 1, 5)
    return draw


def upsample():
    # Half the ranks fit.
    modes = {"nearest": [2, 3, 4], "linear": [2, 3], "bilinear": [3, 4], "bicubic": [2, 3], "trilinear": [3, 4]}
    mode = random.choice(list(modes))
    options = {"scale_factor": random.choice([2.0, 3.0, 1.5, 0.5, 0.3, 0.7]), "mode": mode}
    maybe(options, "align_corners", lambda: True, 0.3)
    return options, sizes(random.choice(modes[mode]), 1, 6)


def unfold():
    options = {"kernel_size": pair(1, 4)}
    maybe(options, "dilation", lambda: pair(1, 2), 0.3)
    maybe(options, "padding", lambda: pair(0, 2))
    maybe(options, "stride", lambda: pair(1, 3))
    return options, image()


def fold():
    """Of what an unfold gives, most of the time."""
    options, shape = unfold()
    given = outcome("Unfold", options, shape)
    columns = given[0] if given is not None else [4, 4]
    if random.random() < 0.2:
        columns = [near(columns[0], 0.5), near(columns[1], 0.5)]
    return {"output_size": shape[1:], **options}, columns


def dimension(rank):
    """Of `rank` with the batch, which is left out, one too many now and then."""
    return random.choice([dim for dim in range(-rank + 1, rank + 1) if dim != 0])


def reshape():
    shape = sizes(random.randint(1, 3), 1, 4)
    count = math.prod(shape)
    return {"shape": random.choice([[-1], [count], [1, count], [-1, 2], [2, -1, 1], [3, -1], [-1, -1], [5]])}, shape


def permute():
    shape = sizes(random.randint(1, 4))
    dims = list(range(1, len(shape) + 1))
    random.shuffle(dims)
    return {"dims": random.choice([[0, *dims]] * 4 + [[0, *dims, 1], [0, *dims[1:]], [0, *dims[1:], 9]])}, shape


def along(**more):
    def draw():
        shape = sizes(random.randint(1, 3), 1, 3)
        return {"dim": dimension(len(shape) + 1), **{name: value() for name, value in more.items()}}, shape
    return draw


def unsqueeze():
    shape = sizes(random.randint(1, 3))
    return {"dim": dimension(len(shape) + 2)}, shape


def transpose():
    shape = sizes(random.randint(1, 3))
    return {"dim0": dimension(len(shape) + 1), "dim1": dimension(len(shape) + 1)}, shape


def recurrent(name):
    def draw():
        shape = sizes(random.choice([2] * 6 + [1, 3]), 1, 6)
        options = {"input_size": near(shape[-1]), "hidden_size": random.randint(1, 6)}
        maybe(options, "num_layers", lambda: random.randint(1, 3))
        if name == "RNN":
            maybe(options, "nonlinearity", lambda: "relu", 0.3)
        maybe(options, "bias", lambda: False, 0.3)
        maybe(options, "dropout", lambda: 0.3, 0.3)
        maybe(options, "bidirectional", lambda: True)
        if name == "LSTM":
            maybe(options, "proj_size", lambda: random.randint(1, 5), 0.4)
        return options, shape
    return draw


def table(**more):
    def draw():
        rows = random.randint(1, 6)
        options = {"num_embeddings": rows, "embedding_dim": random.randint(1, 5)}
        maybe(options, "padding_idx", lambda: random.randint(-rows - 1, rows))
        maybe(options, "max_norm", lambda: 0.5)
        maybe(options, "scale_grad_by_freq", lambda: True, 0.3)
        for name, value in more.items():
            maybe(options, name, value)
        return options, sizes(random.choice([1, 1, 1, 2]) if more else random.randint(1, 3))
    return draw


def position():
    shape = sizes(random.choice([1, 2, 2, 2, 3]))
    options = {"rows": random.randint(2, 5), "cols": near(shape[-1])}
    maybe(options, "added", lambda: False)
    return options, shape


def sequence():
    return {"rows": 5, "cols": 3, "length": random.randint(2, 5)}, sizes(random.choice([1, 1, 1, 2]))


def interpolate():
    modes = {**{mode: [2, 3, 4] for mode in ("nearest", "nearest-exact", "area")}, "linear": [2], "bilinear": [3],
             "bicubic": [3], "trilinear": [4]}  # fmt: skip
    mode = random.choice(list(modes))
    shape = sizes(random.choice(modes[mode] * 3 + [3]), 1, 6)
    options = {"mode": mode}
    count = len(shape) - 1
    if random.random() < 0.5:
        options["size"] = random.choice([random.randint(1, 9), sizes(count, 1, 9), sizes(2, 1, 9)])
    maybe(options, "scale_factor", lambda: random.choice([2.0, 0.3, [random.choice([0.5, 1.7, 2.0]) for _ in range(count)]]),
          0.1 if "size" in options else 0.95)
    if options.get("scale_factor") == 0.3 and mode == "area":
        options["scale_factor"] = 0.7
    maybe(options, "align_corners", lambda: True, 0.2)
    maybe(options, "recompute_scale_factor", lambda: True, 0.2)
    maybe(options, "antialias", lambda: True, 0.2)
    return options, shape


def pad_any():
    mode = random.choice(["constant", "constant", "reflect", "replicate", "circular"])
    dimensions = random.randint(1, 3)
    low = -1 if mode == "constant" else 0
    options = {"pad": sizes(2 * dimensions + (random.random() < 0.1), low, 3)}
    if mode != "constant":
        options["mode"] = mode
    return options, sizes(dimensions + random.randint(0, 1 if random.random() < 0.9 else 2))


def index_select():
    shape = sizes(random.randint(1, 3))
    return {"dim": dimension(len(shape) + 1), "index": sizes(random.randint(1, 4), 0, 2)}, shape


def expand():
    shape = [random.choice([1, 1, 2, 3]) for _ in range(random.randint(1, 3))]
    size = [random.choice([size, size, -1, 3]) for size in shape]
    return {"size": random.choice([size, [2, *size], [1, 2, *size], size[1:] or [2], [-1, *size]])}, shape


def fractional(dimensions):
    def draw():
        options = {"kernel_size": each(dimensions, 1, 3)}
        maybe(options, "output_size", lambda: each(dimensions, 1, 4))
        maybe(options, "output_ratio", lambda: random.choice([0.5, 0.7, 1.5, [0.3, 0.6, 0.9][:dimensions]]),
              0.1 if "output_size" in options else 0.9)
        return options, [random.randint(1, 4), *sizes(random.choice([dimensions] * 9 + [dimensions + 2]), 2, 7)]
    return draw


def crop():
    options = {"size": each(2, 1, 6)}
    maybe(options, "padding", lambda: random.choice([random.randint(0, 3), sizes(4, 0, 3)]))
    maybe(options, "mode", lambda: random.choice(["reflect", "replicate", "circular"]))
    return options, sizes(random.choice([2, 3, 3, 3, 3]), 1, 6)


def z_score():
    shape = sizes(random.randint(1, 4))
    numbers = lambda: random.choice([0.5, [0.5] * shape[0], [0.5] * shape[0], [0.5, 0.7, 0.0][: shape[0] + 1]])
    return {"mean": numbers(), "std": numbers()}, shape


def global_response_norm():
    shape = sizes(random.choice([2, 3, 3, 3, 4]), 1, 6)
    options = {"num_channels": near(shape[0])}
    maybe(options, "eps", lambda: 0.1)
    return options, shape


def some_rank():
    return {}, [random.randint(1, 5) for _ in range(random.choice([1, 3, 3, 4]))]


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
    "ReLU6": (plain(), 2),
    "PReLU": (prelu, 40),
    "RReLU": (limits("lower", "upper"), 20),
    "CELU": (lambda: plain(alpha=random.choice([0, 0.5, -1]))(), 10),
    "SELU": (plain(), 2),
    "Softplus": (plain(beta=2.0, threshold=5.0), 2),
    "Softsign": (plain(), 2),
    "Tanhshrink": (plain(), 2),
    "Hardshrink": (plain(lambd=-0.5), 2),
    "Softshrink": (lambda: plain(lambd=random.choice([0, 0.5, -0.5]))(), 10),
    "Hardtanh": (limits("min_val", "max_val"), 20),
    "Threshold": (plain(threshold=0.1, value=-3.0), 2),
    "LogSigmoid": (plain(), 2),
    "GLU": (glu, 40),
    "Softmin": (softmax, 40),
    "Softmax2d": (some_rank, 20),
    "Reshape": (reshape, 60),
    "Permute": (permute, 60),
    "Transpose": (transpose, 40),
    "Squeeze": (along(), 40),
    "Unsqueeze": (unsqueeze, 40),
    "Select": (along(index=lambda: random.randint(-4, 3)), 60),
    "Normalize": (along(p=lambda: 1.5), 40),
    "DropPath": (plain(p=0.3), 2),
    "Conv1d": (convolution(1), CASES),
    "Conv3d": (convolution(3), CASES),
    "ConvTranspose1d": (transposed_convolution(1), CASES),
    "ConvTranspose2d": (transposed_convolution(2), CASES),
    "ConvTranspose3d": (transposed_convolution(3), CASES),
    "MaxPool1d": (pooling(1, "dilation"), CASES),
    "MaxPool3d": (pooling(3, "dilation"), CASES),
    "AvgPool1d": (pooling(1, "count_include_pad"), CASES),
    "AvgPool3d": (pooling(3, "count_include_pad"), CASES),
    "LPPool1d": (power_pooling(1), 40),
    "LPPool2d": (power_pooling(2), 40),
    "AdaptiveAvgPool1d": (adaptive_pooling(1), 20),
    "AdaptiveAvgPool3d": (adaptive_pooling(3), 20),
    "AdaptiveMaxPool1d": (adaptive_pooling(1), 20),
    "AdaptiveMaxPool3d": (adaptive_pooling(3), 20),
    "ZeroPad2d": (pad(2, [2, 3, 4]), 30),
    "ConstantPad1d": (pad(1, [1, 2, 3], value=0.5), 30),
    "ConstantPad2d": (pad(2, [2, 3, 4], value=-1.0), 30),
    "ConstantPad3d": (pad(3, [3, 4], value=2.0), 30),
    "ReflectionPad1d": (pad(1, [2]), 40),
    "ReflectionPad2d": (pad(2, [3]), 40),
    "ReplicationPad1d": (pad(1, [2, 3]), 30),
    "ReplicationPad2d": (pad(2, [3, 4]), 30),
    "ReplicationPad3d": (pad(3, [4]), 30),
    "Upsample": (upsample, 80),
    "Unfold": (unfold, CASES),
    "Fold": (fold, CASES),
    "Dropout1d": (lambda: ({"p": 0.3}, sizes(2)), 2),
    "Dropout3d": (lambda: ({"p": 0.3}, sizes(4)), 2),
    "AlphaDropout": (plain(p=0.3), 2),
    "FeatureAlphaDropout": (plain(p=0.3), 2),
    "BatchNorm3d": (batch_norm_3d, 60),
    "InstanceNorm1d": (instance_norm(1), 60),
    "InstanceNorm2d": (instance_norm(2), 60),
    "InstanceNorm3d": (instance_norm(3), 60),
    "RMSNorm": (rms_norm, 60),
    "LocalResponseNorm": (local_response_norm, 30),
    "Unflatten": (unflatten, CASES),
    "PixelShuffle": (shuffle("upscale_factor"), 40),
    "PixelUnshuffle": (shuffle("downscale_factor"), 40),
    "ChannelShuffle": (channel_shuffle, 60),
    "RNN": (recurrent("RNN"), 40),
    "GRU": (recurrent("GRU"), 40),
    "LSTM": (recurrent("LSTM"), 60),
    **sequence_draws.DRAWS,
    "Embedding": (table(), 60),
    "EmbeddingBag": (table(mode=lambda: random.choice(["sum", "max"])), 60),
    "EmbedPosition": (position, 60),
    "EmbedSequence": (sequence, 30),
    "OneHot": (plain(num_classes=3), 4),
    "Interpolate": (interpolate, CASES),
    "Pad": (pad_any, CASES),
    "IndexSelect": (index_select, 60),
    "Expand": (expand, 60),
    "FractionalMaxPool2d": (fractional(2), 60),
    "FractionalMaxPool3d": (fractional(3), 60),
    "CrossMapLRN2d": (lambda: ({"size": random.randint(1, 5)}, sizes(random.choice([2, 3, 3, 3, 4]))), 20),
    "RandomCrop": (crop, CASES),
    "RandomFlip": (lambda: ({"p": 1, **along()()[0]}, sizes(3)), 20),
    "Cutout": (lambda: ({"size": 2}, sizes(random.choice([2, 3, 3, 3]))), 10),
    "ZScore": (z_score, 60),
    "GRN": (global_response_norm, 60),
    "Scale": (plain(factor=-0.5), 2),
}


def shapes(tensors):
    return {name: list(tensor.shape) for name, tensor in tensors}


def outcome(layer, options, shape):
    tuples = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    try:
        # Evaluation mode: in training mode norms also refuse batches with a single value a channel.
        module = functions.build(layer, **tuples).eval()
        shapes_in = shape if shape and isinstance(shape[0], list) else [shape]
        output = module(*(torch.zeros(BATCH, *each) for each in shapes_in))
    except (RuntimeError, ValueError, IndexError, AssertionError, ZeroDivisionError):
        return None
    if output.numel() == 0:
        # A transposed convolution that cuts everything off: PyTorch goes on with nothing, we refuse.
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
