"""Attention, transformers and operations on several tensors as our catalogue has them: torch.nn's own modules with the
batch first and a mask where each place sees only those before. `MODULES` by the catalogue's names."""

import torch
from torch import nn
from torch.nn import functional as F


def hidden(length, source, like):
    """True where a place must not look."""
    return torch.ones(length, source, dtype=torch.bool, device=like.device).triu(1)


def check(*sequences):
    if any(x.dim() != 3 for x in sequences):
        raise ValueError("expects sequences with their batch")


class MultiheadAttention(nn.MultiheadAttention):
    def __init__(self, embed_dim, num_heads, inputs=1, is_causal=False, **options):
        super().__init__(embed_dim, num_heads, batch_first=True, **options)
        self.inputs, self.is_causal = inputs, is_causal

    def forward(self, *given):
        check(*given)
        query, key, value = given[0], given[min(self.inputs, 2) - 1], given[self.inputs - 1]
        mask = hidden(query.shape[1], key.shape[1], query) if self.is_causal else None
        return super().forward(query, key, value, attn_mask=mask, need_weights=False)[0]


class SelfAttention(nn.Module):
    """PyTorch's function of attention over two linear layers."""

    def __init__(self, dim, heads, dropout=0.0, norm=False, is_causal=False):
        super().__init__()
        self.dim, self.heads, self.dropout, self.is_causal = dim, heads, dropout, is_causal
        self.norm = nn.LayerNorm(dim) if norm else nn.Identity()
        self.in_proj = nn.Linear(dim, 3 * dim, bias=not norm)
        self.out_proj = nn.Linear(dim, dim)

    def forward(self, x):
        check(x)
        y = self.norm(x).transpose(0, 1)
        mask = hidden(x.shape[1], x.shape[1], x) if self.is_causal else None
        made, _ = F.multi_head_attention_forward(
            y, y, y, self.dim, self.heads, self.in_proj.weight, self.in_proj.bias, None, None, False, self.dropout,
            self.out_proj.weight, self.out_proj.bias, self.training, None, False, mask,
        )  # fmt: skip
        return made.transpose(0, 1)


def layer_of(name):
    class Layer(getattr(nn, name)):
        def __init__(self, *arguments, is_causal=False, **options):
            super().__init__(*arguments, batch_first=True, **options)
            self.is_causal = is_causal

        def forward(self, x, *memory):
            check(x, *memory)
            mask = hidden(x.shape[1], x.shape[1], x) if self.is_causal else None
            return super().forward(x, *memory, mask)

    return Layer


def stack_of(name):
    class Stack(getattr(nn, name)):
        def __init__(self, d_model, nhead, num_layers, norm=False, is_causal=False, **options):
            layer = getattr(nn, f"{name}Layer")(d_model, nhead, batch_first=True, **options)
            shared = {option: options[option] for option in ("bias",) if option in options}
            eps = options.get("layer_norm_eps", 1e-5)
            super().__init__(layer, num_layers, norm=nn.LayerNorm(d_model, eps, **shared) if norm else None)
            self.is_causal = is_causal

        def forward(self, x, *memory):
            check(x, *memory)
            mask = hidden(x.shape[1], x.shape[1], x) if self.is_causal else None
            return super().forward(x, *memory, mask)

    return Stack


class Transformer(nn.Transformer):
    def __init__(self, d_model, nhead=8, is_causal=False, **options):
        super().__init__(d_model, nhead, batch_first=True, **options)
        self.is_causal = is_causal

    def forward(self, source, target):
        check(source, target)
        mask = hidden(target.shape[1], target.shape[1], target) if self.is_causal else None
        return super().forward(source, target, tgt_mask=mask)


class Operation(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(inputs)


def alike(kind):
    class Alike(kind):
        def forward(self, a, b):
            if a.shape != b.shape or a.dim() < 2:
                raise ValueError("needs two tensors of one shape")
            return super().forward(a, b)

    return Alike


def one_by_one(operation):
    def fold(inputs):
        if len({x.dim() for x in inputs}) > 1:
            raise ValueError("the batch would be taken for something else")
        y = inputs[0]
        for x in inputs[1:]:
            y = operation(y, x)
        return y

    return lambda inputs=2: Operation(fold)


def product(a, b):
    if a.dim() < 3 or a.shape[:-2] != b.shape[:-2]:
        raise ValueError("no matrices")
    return a @ b


MODULES = {
    "MultiheadAttention": MultiheadAttention,
    "SelfAttention": SelfAttention,
    "TransformerEncoderLayer": layer_of("TransformerEncoderLayer"),
    "TransformerEncoder": stack_of("TransformerEncoder"),
    "TransformerDecoderLayer": layer_of("TransformerDecoderLayer"),
    "TransformerDecoder": stack_of("TransformerDecoder"),
    "Transformer": Transformer,
    "PairwiseDistance": alike(nn.PairwiseDistance),
    "CosineSimilarity": alike(nn.CosineSimilarity),
    "Cat": lambda dim=1, inputs=2: Operation(lambda given: torch.cat(given, dim)),
    "Stack": lambda dim=1, inputs=2: Operation(lambda given: torch.stack(given, dim)),
    "Add": one_by_one(torch.add),
    "Mul": one_by_one(torch.mul),
    "MatMul": one_by_one(product),
}
