"""Layers of ours that PyTorch has only as functions, as modules; `build` makes any layer from its options."""

import torch
from torch import nn


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def drop_path(p):
    return lambda x: x  # in evaluation mode, the only one that can be compared


FUNCTIONS = {
    "Reshape": lambda shape: lambda x: torch.reshape(x, (len(x), *shape)),
    "Permute": lambda dims: lambda x: torch.permute(x, tuple(dims)),
    "Transpose": lambda dim0, dim1: lambda x: torch.transpose(x, dim0, dim1),
    "Squeeze": lambda dim: lambda x: torch.squeeze(x, dim),
    "Unsqueeze": lambda dim: lambda x: torch.unsqueeze(x, dim),
    "Select": lambda dim, index: lambda x: torch.select(x, dim, index),
    "Normalize": lambda **options: lambda x: nn.functional.normalize(x, **options),
    "DropPath": drop_path,
}


def sequence_of(name):
    """nn.RNN and its like with the batch first, of whose results only the sequence goes on."""

    class Sequence(getattr(nn, name)):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, batch_first=True, **options)

        def forward(self, x):
            if x.dim() != 3:
                raise ValueError("a sequence without its batch")
            return super().forward(x)[0]

    return Sequence


RECURRENT = {name: sequence_of(name) for name in ("RNN", "GRU", "LSTM")}


def build(name, *arguments, **options):
    if name in FUNCTIONS:
        return Function(FUNCTIONS[name](**options))
    return (RECURRENT.get(name) or getattr(nn, name))(*arguments, **options)
