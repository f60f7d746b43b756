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
  Recurrent: `class Recurrent(nn.Module):
    """before, then an RNN, a GRU or an LSTM as body, then after. With carry the state goes on from batch to batch
    until train() or eval() is called, as at the beginning of an epoch and of an evaluation."""

    def __init__(self, body, before=None, after=None, hands_on=("sequence",), takes=None, carry=False):
        super().__init__()
        self.before = before
        self.body = body
        self.after = after
        self.hands_on = hands_on
        self.takes = len(hands_on) if takes is None else takes
        self.carry = carry
        self.state = None

    def train(self, mode=True):
        self.state = None
        return super().train(mode)

    def forward(self, x):
        if self.before is not None:
            x = self.before(x)
        state = None
        if self.state is not None and len(x) <= self.state[0].shape[1]:
            state = tuple(part[:, : len(x)].contiguous() for part in self.state)
        sequence, state = self.body.run(x, state)
        if self.carry:
            self.state = tuple(part.detach() for part in state)
        made = {"sequence": sequence, "last": sequence[:, -1], "hidden": state[0].transpose(0, 1)}
        flow = tuple(made[name] for name in self.hands_on)
        if self.after is not None:
            made = self.after(*flow[: self.takes])
            flow = (*(made if isinstance(made, tuple) else (made,)), *flow[self.takes :])
        return flow if len(flow) > 1 else flow[0]

    def extra_repr(self):
        return f"hands_on={self.hands_on}, carry={self.carry}"
`,
  Transform: `class Transform(nn.Module):
    """One sequence of transforms while training, another one in evaluation."""

    def __init__(self, for_training, for_evaluation):
        super().__init__()
        self.for_training = for_training
        self.for_evaluation = for_evaluation

    def forward(self, x):
        return self.for_training(x) if self.training else self.for_evaluation(x)
`,
  NBeats: `class NBeats(nn.Sequential):
    """Each block gets what the backcasts of those before it leave of the input; the forecasts add up."""

    def __init__(self, blocks):
        super().__init__()
        self._modules.update(blocks)

    def forward(self, x):
        whole = None
        for block in self:
            backcast, forecast = block(x)
            x = x - backcast
            whole = forecast if whole is None else whole + forecast
        return whole
`,
  ...layerHelpers,
};
