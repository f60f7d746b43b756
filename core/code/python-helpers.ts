import { layerHelpers } from './python-layer-helpers.ts';

/** The modules that PyTorch does not have, as classes; the code has those that it uses. */
export const helperClasses: Readonly<Record<string, string>> = {
  joined: `def joined(outputs, join, dim):
    if join == "tuple":
        return tuple(outputs)
    if join == "cat":
        return torch.cat(outputs, dim)
    if join == "stack":
        return torch.stack(outputs, dim)
    whole = outputs[0]
    for output in outputs[1:]:
        if join == "add":
            whole = whole + output
        elif join == "multiply":
            whole = whole * output
        else:
            whole = whole @ output
    return whole
`,
  Named: `class Named(nn.Sequential):
    """A sequence whose modules have names."""

    def __init__(self, modules):
        super().__init__()
        self._modules.update(modules)
`,
  Residual: `class Residual(nn.Module):
    """after(body(x) + shortcut(x)); without a shortcut, x itself is added."""

    def __init__(self, body, shortcut=None, after=None):
        super().__init__()
        self.body = body
        self.shortcut = shortcut
        self.after = after

    def forward(self, x):
        x = self.body(x) + (x if self.shortcut is None else self.shortcut(x))
        return x if self.after is None else self.after(x)
`,
  Chain: `class Chain(nn.Sequential):
    """Modules that take several tensors: each takes the first ones of the flow and puts what it makes in their place."""

    def __init__(self, modules, takes):
        super().__init__()
        self._modules.update(modules)
        self.takes = takes

    def forward(self, *flow):
        for module, count in zip(self, self.takes):
            made = module(*flow[:count])
            flow = (*(made if isinstance(made, tuple) else (made,)), *flow[count:])
        return flow if len(flow) > 1 else flow[0]
`,
  Fork: `class Fork(nn.Module):
    """Every branch gets x; their outputs are joined from the first to the last."""

    def __init__(self, branches, join, dim=1):
        super().__init__()
        self.branches = branches
        self.join = join
        self.dim = dim

    def forward(self, x):
        return joined([branch(x) for branch in self.branches], self.join, self.dim)

    def extra_repr(self):
        return f"join={self.join}, dim={self.dim}"
`,
  Join: `class Join(nn.Module):
    """Every branch gets an input of its own; their outputs are joined from the first to the last."""

    def __init__(self, branches, join, dim=1):
        super().__init__()
        self.branches = branches
        self.join = join
        self.dim = dim

    def forward(self, *inputs):
        return joined([branch(x) for branch, x in zip(self.branches, inputs)], self.join, self.dim)

    def extra_repr(self):
        return f"join={self.join}, dim={self.dim}"
`,
  Repeat: `class Repeat(nn.Module):
    """The same body, with the same weights, count times in sequence."""

    def __init__(self, body, count):
        super().__init__()
        self.body = body
        self.count = count

    def forward(self, x):
        for _ in range(self.count):
            x = self.body(x)
        return x

    def extra_repr(self):
        return f"count={self.count}"
`,
  RepeatChain: `class RepeatChain(nn.Module):
    """The same body, with the same weights, count times in sequence; it takes the first tensors of the flow."""

    def __init__(self, body, count, takes):
        super().__init__()
        self.body = body
        self.count = count
        self.takes = takes

    def forward(self, *flow):
        for _ in range(self.count):
            made = self.body(*flow[: self.takes])
            flow = (*(made if isinstance(made, tuple) else (made,)), *flow[self.takes :])
        return flow if len(flow) > 1 else flow[0]

    def extra_repr(self):
        return f"count={self.count}"
`,
  ...layerHelpers,
};
