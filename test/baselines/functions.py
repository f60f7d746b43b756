"""Layers of ours that PyTorch has only as functions, as modules; `build` makes any layer from its options."""

import torch
from torch import nn

import sequences


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class EmbedPosition(nn.Module):
    """A learned row for every place; zeros at first."""

    def __init__(self, rows, cols, added=True):
        super().__init__()
        self.pos = nn.Parameter(torch.zeros(1, rows, cols))
        self.added = added

    def forward(self, x):
        length = x.shape[1]
        if length > self.pos.shape[1]:
            raise ValueError("longer than there are places")
        if not self.added:
            if x.dim() > 3:
                raise ValueError("no sequence")
            return self.pos[:, :length].repeat(len(x), 1, 1)
        if x.dim() != 3 or x.shape[2] != self.pos.shape[2]:
            raise ValueError("other features")
        return x + self.pos[:, :length]


class EmbedSequence(nn.Module):
    def __init__(self, rows, cols, length):
        super().__init__()
        self.tok = nn.Embedding(rows, cols)
        self.pos = EmbedPosition(length, cols, added=False)

    def forward(self, x):
        if x.dim() != 2:
            raise ValueError("no sequence of numbers")
        return self.tok(x.long()) + self.pos(x)


class Embedding(nn.Embedding):
    def forward(self, x):
        return super().forward(x.long())


class EmbeddingBag(nn.EmbeddingBag):
    def forward(self, x):
        return super().forward(x.long())


class GRN(nn.Module):
    """Woo et al. 2023, arXiv 2301.00808, algorithm 1, with channels before rows and columns."""

    def __init__(self, num_channels, eps=1e-6):
        super().__init__()
        self.gamma = nn.Parameter(torch.zeros(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.eps = eps

    def forward(self, x):
        if x.dim() != 4 or x.shape[1] != len(self.gamma):
            raise ValueError("no images, or of other channels")
        gx = torch.norm(x, p=2, dim=(2, 3), keepdim=True)
        nx = gx / (gx.mean(dim=1, keepdim=True) + self.eps)
        gamma, beta = (each[None, :, None, None] for each in (self.gamma, self.beta))
        return gamma * (x * nx) + beta + x


def z_score(mean, std):
    def function(x):
        means, stds = (torch.tensor(each, dtype=x.dtype).reshape(-1, *[1] * (x.dim() - 2)) for each in (mean, std))
        if 0 in stds or any(each.shape[0] not in (1, x.shape[1]) for each in (means, stds)):
            raise ValueError("wrong numbers")
        return (x - means) / stds

    return function


def expand(size):
    def function(x):
        while x.dim() <= len(size):
            x = x.unsqueeze(1)
        return x.expand(len(x), *size)

    return function


def pad(pad, mode="constant", value=0.0):
    def function(x):
        if len(pad) // 2 >= x.dim():
            raise ValueError("the batch")
        return nn.functional.pad(x, pad, mode, value if mode == "constant" else None)

    return function


class RandomCrop(nn.Module):
    """Only where the window is as large as the padded image, so that there is one place for it, or in evaluation."""

    def __init__(self, size, padding=0, mode="constant", value=0.0):
        super().__init__()
        self.size = (size, size) if isinstance(size, int) else size
        self.padding = (padding,) * 4 if isinstance(padding, int) else padding
        self.mode, self.value = mode, value

    def forward(self, x):
        padded = pad(self.padding, self.mode, self.value)(x)
        room = [padded.shape[2 + side] - self.size[side] for side in (0, 1)]
        if x.dim() != 4 or min(room) < 0:
            raise ValueError("too large")
        if self.training and max(room) > 0:
            raise NotImplementedError("random")
        starts = [self.padding[2] + (x.shape[2] - self.size[0]) // 2, self.padding[0] + (x.shape[3] - self.size[1]) // 2]
        top, left = (min(max(start, 0), most) for start, most in zip(starts, room))
        return padded[:, :, top : top + self.size[0], left : left + self.size[1]]


class RandomFlip(nn.Module):
    def __init__(self, p=0.5, dim=-1):
        super().__init__()
        assert p in (0, 1), "nothing random can be compared"
        self.p, self.dim = p, dim

    def forward(self, x):
        flipped = torch.flip(x, [self.dim])
        return flipped if self.training and self.p == 1 else x


class Cutout(nn.Module):
    """Only with a square that covers the image wherever its middle is."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        if x.dim() != 4:
            raise ValueError("no images")
        if not self.training:
            return x
        assert self.size >= 2 * max(x.shape[2:]), "nothing random can be compared"
        return x * 0


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
    "OneHot": lambda num_classes: lambda x: nn.functional.one_hot(x.long(), num_classes).to(x.dtype),
    "Interpolate": lambda **options: lambda x: nn.functional.interpolate(x, **options),
    "Pad": pad,
    "IndexSelect": lambda dim, index: lambda x: torch.index_select(x, dim, torch.tensor(index)),
    "Expand": expand,
    "ZScore": z_score,
    "Scale": lambda factor: lambda x: x * factor,
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


OWN = {
    kind.__name__: kind
    for kind in (Embedding, EmbeddingBag, EmbedPosition, EmbedSequence, GRN, RandomCrop, RandomFlip, Cutout)
}
RECURRENT = {name: sequence_of(name) for name in ("RNN", "GRU", "LSTM")}


def build(name, *arguments, **options):
    if name in FUNCTIONS:
        return Function(FUNCTIONS[name](**options))
    return (RECURRENT.get(name) or OWN.get(name) or sequences.MODULES.get(name) or getattr(nn, name))(*arguments, **options)
