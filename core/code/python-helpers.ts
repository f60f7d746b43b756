import { layerHelpers } from './python-layer-helpers.ts';

/** The modules that PyTorch does not have, as classes; the code has those that it uses. */
export const helperClasses: Readonly<Record<string, string>> = {
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
  Fork: `class Fork(nn.Module):
    """Every branch gets x; their outputs are joined from the first to the last."""

    def __init__(self, branches, join, dim=1):
        super().__init__()
        self.branches = branches
        self.join = join
        self.dim = dim

    def forward(self, x):
        outputs = [branch(x) for branch in self.branches]
        if self.join == "cat":
            return torch.cat(outputs, self.dim)
        if self.join == "stack":
            return torch.stack(outputs, self.dim)
        joined = outputs[0]
        for output in outputs[1:]:
            if self.join == "add":
                joined = joined + output
            elif self.join == "multiply":
                joined = joined * output
            else:
                joined = joined @ output
        return joined

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
  ...layerHelpers,
};
