"""Baselines of every layer and container, with default and unusual options: layer-values.json beside this file.

Each stands between a convolution and a linear layer in a small network on real CIFAR-10 images, so that forward,
backward (the convolution's weights after two steps) and running statistics are all held. A case is our tree beside
torch's module. `python3 layer_values.py`.
"""

import copy

import torch
from torch import nn
from torch.nn import functional as F

import baseline
import functions
import sequence_cases

BATCH = 4
RATES = [0.004, 0.002]
CHANNELS, SIZE = 6, 15  # what the module in the middle gets


def layer(name, *arguments, **options):
    """Ours and torch's from the same options; `arguments` only torch needs, ours infers them from the input."""
    return name, [{"type": name, "options": options}], lambda: functions.build(name, *arguments, **options)


def residual(x, body, shortcut=None, after=None):
    return (after or nn.Identity())(body(x) + (shortcut or nn.Identity())(x))


class Wired(nn.Module):
    """`wire(x, *parts)`"""

    def __init__(self, wire, *parts):
        super().__init__()
        self.parts = nn.ModuleList(parts)
        self.wire = wire

    def forward(self, x):
        return self.wire(x, *self.parts)


class Recurrent(nn.Module):
    """`wire(sequence, hidden)` makes of a recurrent layer's outputs what goes on."""

    def __init__(self, before, body, after, wire, carry=False):
        super().__init__()
        self.before, self.body, self.after = before, body, after
        self.wire, self.carry, self.state = wire, carry, None

    def train(self, mode=True):
        self.state = None
        return super().train(mode)

    def forward(self, x):
        sequence, state = self.body(self.before(x), self.state)
        if self.carry:
            self.state = tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
        hidden = state[0] if isinstance(state, tuple) else state
        return self.after(self.wire(sequence, hidden.transpose(0, 1)))


def recurrent(name, body, before=None, after=None, wire=lambda sequence, hidden: sequence, **settings):
    """On sequences of CHANNELS steps with SIZE * SIZE features; `before` and `after` are the sizes of a Linear."""
    layer, options = body
    tree = {"type": "Recurrent", "body": {"type": layer, "options": options}, **settings}
    features = SIZE * SIZE if before is None else before
    for place, size in ("before", before), ("after", after):
        if size is not None:
            tree[place] = {"type": "Linear", "options": {"out_features": size}}
    made = lambda: nn.Sequential(
        nn.Flatten(2),
        Recurrent(
            nn.Identity() if before is None else nn.Linear(SIZE * SIZE, before),
            getattr(nn, layer)(features, batch_first=True, **options),
            nn.Identity() if after is None else nn.Linear(options["hidden_size"], after),
            wire,
            settings.get("carry", False),
        ),
    )
    return name, [{"type": "Flatten", "options": {"start_dim": 2}}, tree], made


def conv(channels, kernel=1, **options):
    ours = {"type": "Conv2d", "options": {"out_channels": channels, "kernel_size": kernel, **options}}
    return ours, lambda: nn.Conv2d(CHANNELS, channels, kernel, **options)


def split(dim, sizes):
    ours = {"type": "Unflatten", "options": {"dim": dim, "unflattened_size": sizes}}
    return ours, nn.Unflatten(dim, sizes)


def on(shaping, channels, name, **options):
    """A layer on the features in another shape."""
    ours, theirs = shaping
    first = [channels] if name.startswith("Conv") else []  # ours infers them
    made = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
    make = lambda: nn.Sequential(theirs, functions.build(name, *first, **made))
    return name, [ours, {"type": name, "options": options}], make


def flat(name, **options):
    """On sequences [CHANNELS, SIZE * SIZE]."""
    return on(({"type": "Flatten", "options": {"start_dim": 2}}, nn.Flatten(2)), CHANNELS, name, **options)


def deep(name, **options):
    """On volumes [2, 3, SIZE, SIZE]."""
    return on(split(1, [2, 3]), 2, name, **options)


def steps(name, **options):
    """On sequences of CHANNELS steps with SIZE * SIZE features."""
    ours = [{"type": "Flatten", "options": {"start_dim": 2}}, {"type": name, "options": options}]
    return name, ours, lambda: nn.Sequential(nn.Flatten(2), functions.build(name, SIZE * SIZE, **options))


def fork(kind, dim, join, *branches):
    tree = {"type": "Fork", "branches": [ours for ours, _ in branches], "join": {"kind": kind, "dim": dim}}
    return [tree], lambda: Wired(lambda x, *parts: join([part(x) for part in parts]), *(make() for _, make in branches))


class Transform(Wired):
    def forward(self, x):
        return self.parts[0 if self.training else 1](x)


def forecast_block(trunk, forecast):
    """Of an NBeats: backcast and forecast of what the trunk makes."""
    tree = {
        "type": "Sequential",
        "children": [
            trunk[0],
            {"type": "Tanh"},
            {"type": "Fork", "join": {"kind": "tuple"}, "branches": [conv(CHANNELS)[0], forecast[0]]},
        ],
    }

    def wire(x, trunk, backcast, forecast):
        y = trunk(x).tanh()
        return backcast(y), forecast(y)

    return tree, lambda: Wired(wire, trunk[1](), nn.Conv2d(CHANNELS, CHANNELS, 1), forecast[1]())


def n_beats(*blocks):
    def wire(x, *blocks):
        total = 0
        for block in blocks:
            backcast, forecast = block(x)
            x, total = x - backcast, total + forecast
        return total

    ours = {"type": "NBeats", "children": [tree for tree, _ in blocks]}
    return [ours], lambda: Wired(wire, *(make() for _, make in blocks))


CASES = [
    layer("Conv2d", CHANNELS, out_channels=8, kernel_size=3),
    layer("Conv2d", CHANNELS, out_channels=8, kernel_size=3, stride=2, padding=1, bias=False),
    layer("Conv2d", CHANNELS, out_channels=8, kernel_size=[3, 5], stride=[2, 1], padding=[1, 2], dilation=[2, 1]),
    layer("Conv2d", CHANNELS, out_channels=8, kernel_size=4, padding="same"),
    layer("Conv2d", CHANNELS, out_channels=8, kernel_size=[2, 3], padding="same", dilation=[3, 2]),
    layer("Conv2d", CHANNELS, out_channels=8, kernel_size=5, padding="valid"),
    layer("Conv2d", CHANNELS, out_channels=8, kernel_size=3, groups=2),
    layer("Conv2d", CHANNELS, out_channels=12, kernel_size=3, groups=6, padding=1),
    layer("Conv2d", CHANNELS, out_channels=8, kernel_size=3, padding=2, padding_mode="reflect"),
    layer("Conv2d", CHANNELS, out_channels=8, kernel_size=3, padding=[0, 3], padding_mode="replicate", stride=2),
    layer("Conv2d", CHANNELS, out_channels=8, kernel_size=3, padding=[2, 1], padding_mode="circular"),
    layer("Conv2d", CHANNELS, out_channels=8, kernel_size=4, padding="same", padding_mode="circular"),
    *(
        flat(name, **options)
        for name, options in [
            ("Conv1d", {"out_channels": 4, "kernel_size": 3}),
            ("Conv1d", {"out_channels": 4, "kernel_size": 4, "padding": "same", "dilation": 3, "groups": 2}),
            ("Conv1d", {"out_channels": 4, "kernel_size": 5, "stride": 2, "padding": 3, "padding_mode": "reflect"}),
            ("ConvTranspose1d", {"out_channels": 4, "kernel_size": 3}),
            ("ConvTranspose1d", {"out_channels": 4, "kernel_size": 3, "stride": 3, "output_padding": 2, "groups": 2}),
            ("MaxPool1d", {"kernel_size": 3}),
            ("MaxPool1d", {"kernel_size": 3, "stride": 2, "padding": 1, "dilation": 2, "ceil_mode": True}),
            ("AvgPool1d", {"kernel_size": 3}),
            ("AvgPool1d", {"kernel_size": 4, "stride": 3, "padding": 2, "count_include_pad": False, "ceil_mode": True}),
            ("LPPool1d", {"norm_type": 2.0, "kernel_size": 4, "stride": 3}),
            ("AdaptiveAvgPool1d", {"output_size": 7}),
            ("AdaptiveMaxPool1d", {"output_size": 7}),
            ("ConstantPad1d", {"padding": [2, 1], "value": 0.5}),
            ("ReflectionPad1d", {"padding": [3, 1]}),
            ("ReplicationPad1d", {"padding": 2}),
        ]
    ),
    *(
        deep(name, **options)
        for name, options in [
            ("Conv3d", {"out_channels": 4, "kernel_size": [2, 3, 3]}),
            ("Conv3d", {"out_channels": 4, "kernel_size": 2, "padding": "same", "groups": 2}),
            ("Conv3d", {"out_channels": 4, "kernel_size": 3, "stride": [1, 2, 3], "padding": 1, "dilation": [1, 2, 1]}),
            ("Conv3d", {"out_channels": 4, "kernel_size": 3, "padding": [1, 2, 0], "padding_mode": "replicate"}),
            ("ConvTranspose3d", {"out_channels": 3, "kernel_size": 2, "stride": [1, 2, 1], "output_padding": [0, 1, 0]}),
            ("MaxPool3d", {"kernel_size": 2}),
            ("MaxPool3d", {"kernel_size": [1, 3, 2], "stride": 2, "padding": [0, 1, 1], "ceil_mode": True}),
            ("AvgPool3d", {"kernel_size": 2}),
            ("AvgPool3d", {"kernel_size": 2, "stride": [1, 2, 3], "padding": 1, "count_include_pad": False}),
            ("AdaptiveAvgPool3d", {"output_size": [2, 4, 3]}),
            ("AdaptiveMaxPool3d", {"output_size": [2, 4, 3]}),
            ("ConstantPad3d", {"padding": [1, 0, 2, 1, 0, 1], "value": -0.5}),
            ("ReplicationPad3d", {"padding": [1, 0, 2, 1, 0, 1]}),
        ]
    ),
    layer("ConvTranspose2d", CHANNELS, out_channels=4, kernel_size=3),
    layer("ConvTranspose2d", CHANNELS, out_channels=4, kernel_size=2, stride=2, bias=False),
    layer(
        "ConvTranspose2d", CHANNELS, out_channels=4, kernel_size=[3, 2], stride=[2, 3], padding=1,
        output_padding=[1, 0], groups=2, dilation=[1, 2],
    ),  # fmt: skip
    layer("LPPool2d", norm_type=2.0, kernel_size=2),
    layer("LPPool2d", norm_type=4.0, kernel_size=[3, 2], stride=2, ceil_mode=True),
    layer("Unfold", kernel_size=3),
    layer("Unfold", kernel_size=[2, 3], dilation=[2, 1], padding=1, stride=[3, 2]),
    (
        "Fold",
        [
            {"type": "Unfold", "options": {"kernel_size": [3, 5], "stride": [3, 5]}},
            {"type": "Fold", "options": {"output_size": [5, 4], "kernel_size": [3, 2], "padding": [0, 1]}},
        ],
        lambda: nn.Sequential(nn.Unfold([3, 5], stride=[3, 5]), nn.Fold([5, 4], [3, 2], padding=[0, 1])),
    ),
    layer("ZeroPad2d", padding=2),
    layer("ZeroPad2d", padding=[1, 0, 3, 2]),
    layer("ConstantPad2d", padding=[1, 0, 3, 2], value=0.7),
    layer("ReflectionPad2d", padding=[1, 4, 3, 2]),
    layer("ReplicationPad2d", padding=[1, 4, 3, 2]),
    layer("Upsample", scale_factor=2.0),
    layer("Upsample", scale_factor=1.7, mode="bilinear"),
    layer("Upsample", scale_factor=1.5, mode="bilinear", align_corners=True),
    layer("Upsample", scale_factor=0.6, mode="bicubic"),
    flat("Upsample", scale_factor=1.3, mode="linear"),
    deep("Upsample", scale_factor=1.5, mode="trilinear"),
    layer("Upsample", size=20),
    layer("Upsample", size=(7, 20), mode="nearest-exact"),
    layer("Upsample", scale_factor=(1.5, 2.2), mode="area"),
    layer("Interpolate", size=(7, 20)),
    layer("Interpolate", scale_factor=1.7, mode="nearest-exact"),
    layer("Interpolate", scale_factor=0.4, mode="area"),
    layer("Interpolate", scale_factor=0.5, mode="bilinear", antialias=True),
    layer("Interpolate", size=(9, 31), mode="bicubic", align_corners=True, antialias=True),
    layer("Interpolate", scale_factor=1.7, mode="bilinear", recompute_scale_factor=True),
    flat("Upsample", size=100, mode="linear", align_corners=True),
    deep("Upsample", size=[2, 9, 20], mode="trilinear"),
    layer("Pad", pad=[1, 2]),
    layer("Pad", pad=[1, 2, 3, 0, 2, 1], value=0.3),
    layer("Pad", pad=[-1, 2, -3, -4], value=-0.5),
    layer("Pad", pad=[1, 2, 3, 4], mode="reflect"),
    layer("Pad", pad=[1, 2, 3, 4], mode="replicate"),
    layer("Pad", pad=[15, 2, 3, 4], mode="circular"),
    layer("IndexSelect", dim=1, index=[5, 0, 0, 2]),
    layer("IndexSelect", dim=-1, index=[14]),
    layer("Expand", size=[2, 6, -1, 15]),
    (
        "Expand",
        [conv(1)[0], {"type": "Expand", "options": {"size": [4, -1, 15]}}],
        lambda: nn.Sequential(conv(1)[1](), functions.build("Expand", size=[4, -1, 15])),
    ),
    layer("RandomCrop", size=(17, 19), padding=(1, 3, 2, 0)),
    layer("RandomCrop", size=19, padding=2, mode="reflect"),
    layer("RandomCrop", size=(15, 18), padding=(1, 2, 0, 0), mode="constant", value=0.4),
    layer("RandomFlip", p=1),
    layer("RandomFlip", p=1, dim=1),
    layer("RandomFlip", p=0, dim=-2),
    layer("Cutout", size=30),
    layer("ZScore", mean=0.2, std=0.5),
    layer("ZScore", mean=(0.1, 0.2, -0.3, 0.4, 0.5, 0.6), std=(1.0, 0.5, 2.0, 1.5, 0.7, 3.0)),
    layer("FractionalMaxPool2d", kernel_size=2, output_size=14),
    layer("FractionalMaxPool2d", kernel_size=(2, 3), output_ratio=(0.94, 0.9)),
    deep("FractionalMaxPool3d", kernel_size=[2, 3, 2], output_size=1),
    layer("CrossMapLRN2d", size=3),
    layer("CrossMapLRN2d", size=2, alpha=2.0, beta=0.5, k=0.3),
    layer("CrossMapLRN2d", size=5, alpha=1.0),
    on(({"type": "Flatten", "options": {"start_dim": 2}}, nn.Flatten(2)), None, "EmbedPosition", rows=6, cols=225),
    on(({"type": "Flatten", "options": {"start_dim": 2}}, nn.Flatten(2)), None, "EmbedPosition", rows=9, cols=225),
    layer("Reshape", shape=[10, -1]),
    layer("Permute", dims=[0, 2, 3, 1]),
    layer("Transpose", dim0=1, dim1=-1),
    (
        "Squeeze",
        [conv(1)[0], {"type": "Squeeze", "options": {"dim": 1}}],
        lambda: nn.Sequential(conv(1)[1](), functions.build("Squeeze", dim=1)),
    ),
    layer("Unsqueeze", dim=-2),
    layer("Select", dim=1, index=-2),
    layer("Normalize"),
    layer("Normalize", p=1.0, dim=-1, eps=0.5),
    layer("Linear", SIZE, out_features=7),
    layer("Linear", SIZE, out_features=7, bias=False),
    layer("Identity"),
    layer("MaxPool2d", kernel_size=2),
    layer("MaxPool2d", kernel_size=3, stride=2, padding=1),
    layer("MaxPool2d", kernel_size=2, ceil_mode=True),
    layer("MaxPool2d", kernel_size=[3, 2], stride=[1, 3], dilation=[2, 3]),
    layer("AvgPool2d", kernel_size=3),
    layer("AvgPool2d", kernel_size=[4, 3], stride=2, padding=[2, 1]),
    layer("AvgPool2d", kernel_size=3, stride=2, padding=1, count_include_pad=False),
    layer("AvgPool2d", kernel_size=4, stride=4, padding=1, ceil_mode=True, count_include_pad=False),
    layer("AvgPool2d", kernel_size=[4, 3], stride=3, padding=1, ceil_mode=True, divisor_override=5),
    deep("AvgPool3d", kernel_size=2, padding=1, count_include_pad=False, divisor_override=3),
    layer("AdaptiveAvgPool2d", output_size=1),
    layer("AdaptiveAvgPool2d", output_size=[4, 7]),
    layer("AdaptiveMaxPool2d", output_size=1),
    layer("AdaptiveMaxPool2d", output_size=[7, 4]),
    layer("BatchNorm2d", CHANNELS),
    layer("BatchNorm2d", CHANNELS, eps=0.01, momentum=0.3),
    layer("BatchNorm2d", CHANNELS, affine=False),
    layer("BatchNorm2d", CHANNELS, bias=False),
    layer("InstanceNorm2d", CHANNELS, affine=True, bias=False),
    layer("GroupNorm", num_groups=3, num_channels=CHANNELS, bias=False),
    layer("BatchNorm2d", CHANNELS, track_running_stats=False),
    (
        "BatchNorm1d with a length",
        [{"type": "Flatten", "options": {"start_dim": 2}}, {"type": "BatchNorm1d"}],
        lambda: nn.Sequential(nn.Flatten(2), nn.BatchNorm1d(CHANNELS)),
    ),
    (
        "BatchNorm1d",
        [
            {"type": "Flatten"},
            {"type": "Linear", "options": {"out_features": 20}},
            {"type": "BatchNorm1d", "options": {"momentum": 0.5}},
        ],
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(CHANNELS * SIZE**2, 20), nn.BatchNorm1d(20, momentum=0.5)),
    ),
    ("GroupNorm", [{"type": "GroupNorm", "options": {"num_groups": 2}}], lambda: nn.GroupNorm(2, CHANNELS)),
    (
        "GroupNorm",
        [{"type": "GroupNorm", "options": {"num_groups": 6, "eps": 0.1, "affine": False}}],
        lambda: nn.GroupNorm(6, CHANNELS, eps=0.1, affine=False),
    ),
    layer("LayerNorm", normalized_shape=[SIZE]),
    layer("LayerNorm", normalized_shape=[CHANNELS, SIZE, SIZE], eps=0.01, bias=False),
    layer("LayerNorm", normalized_shape=[SIZE, SIZE], elementwise_affine=False),
    (
        "BatchNorm3d",
        [split(1, [2, 3])[0], {"type": "BatchNorm3d", "options": {"momentum": 0.2}}],
        lambda: nn.Sequential(split(1, [2, 3])[1], nn.BatchNorm3d(2, momentum=0.2)),
    ),
    (
        "InstanceNorm1d",
        [{"type": "Flatten", "options": {"start_dim": 2}}, {"type": "InstanceNorm1d"}],
        lambda: nn.Sequential(nn.Flatten(2), nn.InstanceNorm1d(CHANNELS)),
    ),
    layer("InstanceNorm2d", CHANNELS),
    layer("InstanceNorm2d", CHANNELS, affine=True, eps=0.1),
    layer("InstanceNorm2d", CHANNELS, track_running_stats=True, momentum=0.3),
    (
        "InstanceNorm3d",
        [split(1, [3, 2])[0], {"type": "InstanceNorm3d", "options": {"affine": True}}],
        lambda: nn.Sequential(split(1, [3, 2])[1], nn.InstanceNorm3d(3, affine=True)),
    ),
    layer("GRN", CHANNELS),
    layer("GRN", CHANNELS, eps=0.1),
    layer("RMSNorm", normalized_shape=[SIZE]),
    layer("RMSNorm", normalized_shape=[SIZE, SIZE], eps=0.1, elementwise_affine=False),
    layer("LocalResponseNorm", size=2),
    layer("LocalResponseNorm", size=5, alpha=2.0, beta=0.5, k=0.3),
    layer("Unflatten", dim=1, unflattened_size=[2, -1]),
    layer("Unflatten", dim=-1, unflattened_size=[3, 5]),
    (
        "PixelShuffle",
        [conv(18)[0], {"type": "PixelShuffle", "options": {"upscale_factor": 3}}],
        lambda: nn.Sequential(conv(18)[1](), nn.PixelShuffle(3)),
    ),
    layer("PixelUnshuffle", downscale_factor=3),
    layer("ChannelShuffle", groups=3),
    steps("RNN", hidden_size=5),
    steps("RNN", hidden_size=5, num_layers=2, nonlinearity="relu", bias=False, bidirectional=True),
    steps("GRU", hidden_size=5),
    steps("GRU", hidden_size=5, num_layers=3, bidirectional=True),
    steps("LSTM", hidden_size=5),
    steps("LSTM", hidden_size=6, num_layers=2, bidirectional=True),
    steps("LSTM", hidden_size=6, num_layers=2, bias=False, proj_size=3),
    steps("LSTM", hidden_size=6, num_layers=2, bidirectional=True, proj_size=4),
    layer("ReLU"),
    layer("LeakyReLU"),
    layer("LeakyReLU", negative_slope=0.2),
    layer("ELU"),
    layer("ELU", alpha=0.3),
    layer("GELU"),
    layer("GELU", approximate="tanh"),
    layer("SiLU"),
    layer("Sigmoid"),
    layer("Tanh"),
    layer("Mish"),
    layer("Hardswish"),
    layer("Scale", factor=-0.3),
    layer("ReLU6"),
    layer("PReLU"),
    layer("PReLU", num_parameters=CHANNELS),
    # One multiple to draw: nothing is random.
    layer("RReLU", lower=0.3, upper=0.3),
    layer("CELU"),
    layer("CELU", alpha=0.3),
    layer("SELU"),
    layer("Softplus"),
    layer("Softplus", beta=2.0, threshold=0.5),
    layer("Softsign"),
    layer("Tanhshrink"),
    layer("Hardshrink"),
    layer("Hardshrink", lambd=0.1),
    layer("Softshrink"),
    layer("Softshrink", lambd=0.1),
    layer("Hardtanh"),
    layer("Hardtanh", min_val=-0.2, max_val=0.7),
    layer("Threshold", threshold=0.1, value=-0.3),
    layer("LogSigmoid"),
    layer("GLU", dim=1),
    layer("Softmin", dim=-1),
    layer("Softmax2d"),
    layer("Softmax", dim=1),
    layer("Softmax", dim=-1),
    layer("LogSoftmax", dim=2),
    layer("Flatten", start_dim=2, end_dim=-1),
    layer("Flatten", start_dim=1, end_dim=2),
    (
        "Residual",
        [{"type": "Residual", "body": conv(CHANNELS, 3, padding=1)[0]}],
        lambda: Wired(residual, nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1)),
    ),
    (
        "Residual with shortcut and after",
        [
            {
                "type": "Residual",
                "body": {"type": "Sequential", "children": [conv(8, 3, stride=2, padding=1)[0], {"type": "Tanh"}]},
                "shortcut": conv(8, 1, stride=2)[0],
                "after": {"type": "Sigmoid"},
            }
        ],
        lambda: Wired(
            residual,
            nn.Sequential(nn.Conv2d(CHANNELS, 8, 3, stride=2, padding=1), nn.Tanh()),
            nn.Conv2d(CHANNELS, 8, 1, stride=2),
            nn.Sigmoid(),
        ),
    ),
    ("Fork cat", *fork("cat", 1, lambda parts: torch.cat(parts, 1), conv(3), conv(5, 3, padding=1))),
    ("Fork cat along rows", *fork("cat", 2, lambda parts: torch.cat(parts, 2), conv(3), conv(3, [5, 1]))),
    ("Fork add", *fork("add", 1, sum, conv(3), conv(3), conv(3, 3, padding=1))),
    ("Fork multiply", *fork("multiply", 1, lambda parts: parts[0] * parts[1], conv(3), conv(3))),
    ("Fork matmul", *fork("matmul", 1, lambda parts: parts[0] @ parts[1], conv(3), conv(3, [1, 4]))),
    ("Fork stack", *fork("stack", 1, lambda parts: torch.stack(parts, 1), conv(3), conv(3))),
    recurrent("Recurrent", ("LSTM", {"hidden_size": 5})),
    recurrent(
        "Recurrent, its last step, with before and after", ("GRU", {"hidden_size": 5}), before=7, after=4,
        wire=lambda sequence, hidden: sequence[:, -1], handsOn=["last"],
    ),  # fmt: skip
    recurrent(
        "Recurrent, its hidden state", ("LSTM", {"hidden_size": 5, "num_layers": 2, "bidirectional": True}), after=3,
        wire=lambda sequence, hidden: hidden, handsOn=["hidden"],
    ),  # fmt: skip
    recurrent("Recurrent that carries its state", ("LSTM", {"hidden_size": 5, "num_layers": 2}), carry=True),
    recurrent(
        "Recurrent that carries its state", ("RNN", {"hidden_size": 5, "bidirectional": True}), carry=True,
        wire=lambda sequence, hidden: hidden, handsOn=["hidden"],
    ),  # fmt: skip
    (
        "Recurrent that hands on a tuple",
        [
            {"type": "Flatten", "options": {"start_dim": 2}},
            {
                "type": "Recurrent", "body": {"type": "GRU", "options": {"hidden_size": 5, "num_layers": 2}},
                "handsOn": ["hidden", "sequence"],
            },
            {"type": "Join", "join": {"kind": "cat"}, "branches": [{"type": "Sequential", "children": []}] * 2},
        ],
        lambda: nn.Sequential(
            nn.Flatten(2),
            Recurrent(
                nn.Identity(), nn.GRU(SIZE * SIZE, 5, 2, batch_first=True), nn.Identity(),
                lambda sequence, hidden: torch.cat([hidden, sequence], 1),
            ),
        ),
    ),  # fmt: skip
    (
        "Transform",
        [{"type": "Transform", "training": conv(8, 3, padding=1)[0], "evaluation": conv(8)[0]}],
        lambda: Transform(None, nn.Conv2d(CHANNELS, 8, 3, padding=1), nn.Conv2d(CHANNELS, 8, 1)),
    ),
    (
        "Transform that does nothing in evaluation",
        [
            {
                "type": "Transform",
                "training": {"type": "Sequential", "children": [{"type": "ZScore", "options": {"mean": [0.1], "std": [2]}}]},
                "evaluation": {"type": "Sequential", "children": []},
            }
        ],
        lambda: Transform(None, functions.build("ZScore", mean=[0.1], std=[2]), nn.Identity()),
    ),
    ("NBeats of one block", *n_beats(forecast_block(conv(CHANNELS, 3, padding=1), conv(4, 3)))),
    (
        "NBeats",
        *n_beats(
            forecast_block(conv(CHANNELS, 3, padding=1), conv(4, 3)),
            forecast_block(conv(CHANNELS), conv(4, 3)),
            forecast_block(conv(CHANNELS, 5, padding=2), conv(4, 3)),
        ),
    ),
    (
        "Repeat",
        [{"type": "Repeat", "count": 3, "body": conv(CHANNELS, 3, padding=1)[0]}],
        lambda: nn.Sequential(*(nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1) for _ in range(3))),
    ),
    (
        "Repeat shared",
        [{"type": "Repeat", "count": 3, "shared": True, "body": conv(CHANNELS, 3, padding=1)[0]}],
        lambda: Wired(lambda x, body: body(body(body(x))), nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1)),
    ),
]


def in_a_row(name, **options):
    """On PIXELS whole numbers."""
    reshape = {"shape": [PIXELS]}
    make = lambda: nn.Sequential(functions.build("Reshape", **reshape), functions.build(name, **options))
    return name, [{"type": "Reshape", "options": reshape}, {"type": name, "options": options}], make


# On the largest pixels of squares, as they lie in the file: whole numbers from 0 to 255, [3, 4, 4].
PIXELS = 48
WHOLE = [
    layer("Embedding", num_embeddings=256, embedding_dim=5),
    layer("Embedding", num_embeddings=256, embedding_dim=5, padding_idx=255),
    layer("Embedding", num_embeddings=300, embedding_dim=3, padding_idx=-45, max_norm=0.4, scale_grad_by_freq=True),
    layer("Embedding", num_embeddings=256, embedding_dim=4, max_norm=0.7, norm_type=1.0),
    in_a_row("EmbeddingBag", num_embeddings=256, embedding_dim=20),
    in_a_row("EmbeddingBag", num_embeddings=256, embedding_dim=20, mode="sum", scale_grad_by_freq=True, padding_idx=255),
    in_a_row("EmbeddingBag", num_embeddings=256, embedding_dim=20, mode="max", max_norm=1.0),
    in_a_row("EmbedSequence", rows=256, cols=5, length=PIXELS),
    in_a_row("EmbedSequence", rows=256, cols=5, length=60),
    in_a_row("EmbedPosition", rows=50, cols=3, added=False),
    layer("OneHot", num_classes=256),
]

# Steady normalisations are so small that gradients through several of them vanish.
LIVELY = [name for name, _, _ in sequence_cases.CASES if name.endswith("ttention") or name.startswith("Transformer")]


def main():
    images, labels = baseline.cifar10(BATCH * len(RATES))
    results = []
    all_cases = CASES + sequence_cases.CASES
    for (name, tree, build), is_whole in [(case, False) for case in all_cases] + [(case, True) for case in WHOLE]:
        first = nn.MaxPool2d(8) if is_whole else nn.Conv2d(3, CHANNELS, 3, stride=2, bias=False)
        inputs = torch.from_numpy(images).double() / (1 if is_whole else 127.5) - (0 if is_whole else 1)
        middle = build()
        # On a copy: a training forward pass would leave traces in running statistics.
        with torch.no_grad():
            features = copy.deepcopy(middle)(first(inputs[:BATCH].float())).flatten(1).shape[1]
        network = nn.Sequential(first, middle, nn.Flatten(), nn.Linear(features, 10))
        result = baseline.run(
            network, lambda net: torch.optim.SGD(net.parameters(), lr=0.0, momentum=0.9),
            lambda output, y, dtype: F.cross_entropy(output, y), RATES, inputs, torch.from_numpy(labels), BATCH, show=4,
            fill_for_training=baseline.lively if name in LIVELY else baseline.steady,
        )  # fmt: skip
        print(name, " ".join(f"{key} {value:.1e}" for key, value in result["float64"].items()), flush=True)
        results.append({"name": name, "source": "cifar10", "isWhole": is_whole, "middle": tree, **result})
    baseline.write("layer-values.json", {"cases": results})


if __name__ == "__main__":
    main()
