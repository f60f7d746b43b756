"""Cases of layer_values.py: attention, transformers and what takes several tensors, on features as sequences."""

from torch import nn

import functions

CHANNELS, SIZE = 6, 15  # what comes in: features of images
FEATURES = SIZE


def rows(name, *arguments, **options):
    """On the rows of all channels, one after another: sequences [CHANNELS * SIZE, FEATURES]."""
    ours = [{"type": "Flatten", "options": {"start_dim": 1, "end_dim": 2}}, {"type": name, "options": options}]
    return name, ours, lambda: nn.Sequential(nn.Flatten(1, 2), functions.build(name, FEATURES, *arguments, **options))


class Tuple(nn.Module):
    """Each branch makes an input of the module."""

    def __init__(self, branches, module):
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.module = module

    def forward(self, x):
        return self.module(*(branch(x) for branch in self.branches))


def branch(channels, kernel):
    """A sequence [channels * SIZE, what `kernel` leaves of SIZE]."""
    # Without a bias, which a normalisation behind it would take out again.
    convolution = {"out_channels": channels, "kernel_size": [1, kernel], "bias": False}
    ours = {
        "type": "Sequential",
        "children": [
            {"type": "Conv2d", "options": convolution},
            {"type": "Flatten", "options": {"start_dim": 1, "end_dim": 2}},
        ],
    }
    return ours, lambda: nn.Sequential(nn.Conv2d(CHANNELS, **convolution), nn.Flatten(1, 2))


def several(name, branches, *arguments, **options):
    """`branches`: channels and kernel of each."""
    made = [branch(*each) for each in branches]
    fork = {"type": "Fork", "branches": [ours for ours, _ in made], "join": {"kind": "tuple"}}
    build = lambda: Tuple([theirs() for _, theirs in made], functions.build(name, *arguments, **options))
    return name, [fork, {"type": name, "options": options}], build


def product(branches):
    """Normalised: its numbers are so large that probabilities would vanish."""
    name, ours, theirs = several("MatMul", branches)
    return name, [*ours, {"type": "Normalize"}], lambda: nn.Sequential(theirs(), functions.build("Normalize"))


small = {"dim_feedforward": 20, "dropout": 0.0}
unlike = {"activation": "gelu", "norm_first": True, "layer_norm_eps": 0.01, "bias": False, "is_causal": True}
memory = [(2, 1), (3, 1)]

CASES = [
    rows("MultiheadAttention", num_heads=3),
    rows("MultiheadAttention", num_heads=5, bias=False, add_zero_attn=True),
    rows("MultiheadAttention", num_heads=1, add_bias_kv=True, add_zero_attn=True, is_causal=True),
    several("MultiheadAttention", memory, FEATURES, num_heads=3, inputs=2),
    several("MultiheadAttention", [(3, 1), (2, 4)], FEATURES, num_heads=3, inputs=2, kdim=12, vdim=12, is_causal=True),
    several(
        "MultiheadAttention", [(2, 1), (3, 6), (3, 4)], FEATURES, num_heads=5, inputs=3, kdim=10, vdim=12,
        add_bias_kv=True,
    ),  # fmt: skip
    rows("SelfAttention", heads=3),
    rows("SelfAttention", heads=5, norm=True, is_causal=True),
    rows("TransformerEncoderLayer", nhead=3, **small),
    rows("TransformerEncoderLayer", nhead=5, **small, **unlike),
    rows("TransformerEncoder", nhead=3, num_layers=2, **small),
    rows("TransformerEncoder", nhead=3, num_layers=1, norm=True, **small, **unlike),
    several("TransformerDecoderLayer", memory, FEATURES, nhead=3, **small),
    several("TransformerDecoderLayer", memory, FEATURES, nhead=5, **small, **unlike),
    several("TransformerDecoder", memory, FEATURES, nhead=3, num_layers=2, norm=True, **small),
    several("TransformerDecoder", memory, FEATURES, nhead=3, num_layers=1, is_causal=True, **small),
    several("Transformer", memory, FEATURES, nhead=3, num_encoder_layers=1, num_decoder_layers=1, **small),
    several("Transformer", memory, FEATURES, nhead=5, num_encoder_layers=2, num_decoder_layers=1, **small, **unlike),
    several("Bilinear", [(2, 1), (2, 4)], 15, 12, out_features=4),
    several("Bilinear", [(1, 1), (1, 1)], 15, 15, out_features=3, bias=False),
    several("PairwiseDistance", [(2, 1), (2, 1)]),
    several("PairwiseDistance", [(2, 1), (2, 1)], p=3.0, eps=0.1, keepdim=True),
    several("CosineSimilarity", [(2, 1), (2, 1)]),
    several("CosineSimilarity", [(2, 1), (2, 1)], dim=-1, eps=2.0),
    several("Cat", [(2, 1), (3, 1)]),
    several("Cat", [(2, 1), (2, 4), (2, 6)], dim=-1, inputs=3),
    several("Stack", [(2, 1), (2, 1)], dim=-1),
    several("Add", [(2, 1), (2, 1), (2, 15)], inputs=3),
    several("Mul", [(2, 1), (2, 15)]),
    product([(2, 1), (1, 4)]),
]
