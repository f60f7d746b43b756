"""Writes speed-runs.json: the optimizers of two published speed runs on CIFAR-10, ten steps of a small network.

    python test/baselines/speed_runs.py

Jordan 2024 (arXiv 2404.00498), `legacy/airbench94` (variant 1) and `airbench94_muon` (variant 2), written anew with
torch's own functions: convolution whitened from the data, whose bias is trained for a time only; batch norms whose
scales are not trained; rates and decays by groups; lookahead; Muon on normalised weights. The network has the shape of
theirs and fewer channels. Ten steps are two epochs of the first CIFAR-10 images in file order, without augmentation.
Everything in float32 and float64, as in baseline.py.
"""

import torch
from torch import nn
from torch.nn import functional as F

import baseline

BATCH = 8
STEPS = 5
EPOCHS = 2
TOTAL = STEPS * EPOCHS
IMAGES = STEPS * BATCH

MEAN, STD = [0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]
NORM = {"eps": 1e-12, "momentum": 0.4}

TREE = [
    {
        "type": "Conv2d",
        "initialise": [{"parameters": "weight", "method": "whiten", "samples": 32}],
        "options": {"out_channels": 24, "kernel_size": 2},
    },
    {"type": "GELU"},
    {"type": "Conv2d", "options": {"out_channels": 8, "kernel_size": 3, "padding": "same", "bias": False}},
    {"type": "MaxPool2d", "options": {"kernel_size": 2}},
    {"type": "BatchNorm2d", "options": NORM},
    {"type": "GELU"},
    {"type": "Conv2d", "options": {"out_channels": 8, "kernel_size": 3, "padding": "same", "bias": False}},
    {"type": "BatchNorm2d", "options": NORM},
    {"type": "GELU"},
    {"type": "MaxPool2d", "options": {"kernel_size": 3}},
    {"type": "Flatten"},
    {"type": "Linear", "options": {"out_features": 10, "bias": False}},
]


def network():
    return nn.Sequential(
        nn.Conv2d(3, 24, 2), nn.GELU(),
        nn.Conv2d(24, 8, 3, padding="same", bias=False), nn.MaxPool2d(2), nn.BatchNorm2d(8, **NORM), nn.GELU(),
        nn.Conv2d(8, 8, 3, padding="same", bias=False), nn.BatchNorm2d(8, **NORM), nn.GELU(), nn.MaxPool2d(3),
        nn.Flatten(), nn.Linear(200, 10, bias=False),
    )  # fmt: skip


def whitening_filters(images, size=2, eps=5e-4):
    patches = images.unfold(2, size, 1).unfold(3, size, 1).permute(0, 2, 3, 1, 4, 5).reshape(-1, 3 * size * size)
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    filters = (vectors / (values + eps).sqrt()).T.flip(0).reshape(-1, 3, size, size)
    return torch.cat([filters, -filters])


def fills_of(model):
    """Norms begin as ever, but for shifts other than 0."""
    fills = baseline.lively(model)
    scales = {module.weight for module in baseline.norms(model)}
    return [[1.0, 0.0, False] if p in scales else fill for p, fill in zip(model.parameters(), fills)]


def loss_of(output, labels):
    return F.cross_entropy(output, labels, label_smoothing=0.2, reduction="sum")


def batches(images, labels):
    for step in range(TOTAL):
        at = step % STEPS * BATCH
        yield step, images[at : at + BATCH], labels[at : at + BATCH]


def norm_biases(model):
    return [module.bias for module in baseline.norms(model)]


def train_whitening_bias(model, is_trained):
    """Without a gradient torch's optimizers leave it alone."""
    model[0].bias.requires_grad_(is_trained)


# Variant 1 -----------------------------------------------------------------------------------------------------

MOMENTUM = 0.85
KILOSTEP = 1024 * (1 + 1 / (1 - MOMENTUM))
RATE_1 = 11.5 / KILOSTEP
DECAY_1 = 0.0153 * 1024 / KILOSTEP
NORM_FACTOR = 64
LOOKAHEAD = {"every": 3, "decay": 0.95**5, "ramp": 3}

# From a fifth to all in the first 23 % of the steps, then down to 7 %.
PEAK = int(0.23 * TOTAL)
FACTORS = [
    0.2 + 0.8 * step / PEAK if step < PEAK else 1 - 0.93 * (step - PEAK) / (TOTAL - PEAK) for step in range(TOTAL)
]

NEVER_TRAINED = [{"modules": ["0"], "kinds": ["weight"], "untilEpoch": 0}, {"kinds": ["norm"], "untilEpoch": 0}]

OURS_1 = {
    "optimizer": {
        "type": "SGD",
        "momentum": MOMENTUM,
        "nesterov": True,
        "weightDecay": DECAY_1 / RATE_1,
        "groups": [
            *NEVER_TRAINED,
            {"modules": ["0"], "untilEpoch": 1},
            {"kinds": ["bias"], "learningRateFactor": NORM_FACTOR, "weightDecay": DECAY_1 / (RATE_1 * NORM_FACTOR)},
        ],
    },
    "averaging": {"kind": "lookahead", **LOOKAHEAD},
}


class LookaheadState:
    def __init__(self, model):
        self.slow = {name: tensor.clone() for name, tensor in model.state_dict().items()}

    def update(self, model, decay):
        for slow, fast in zip(self.slow.values(), model.state_dict().values()):
            if fast.is_floating_point():
                slow.lerp_(fast, 1 - decay)
                fast.copy_(slow)


def variant_1(model, images, labels):
    biases = norm_biases(model)
    rest = [model[0].bias, model[2].weight, model[6].weight, model[11].weight]
    groups = [
        {"params": biases, "factor": NORM_FACTOR, "weight_decay": DECAY_1 / (RATE_1 * NORM_FACTOR)},
        {"params": rest, "factor": 1, "weight_decay": DECAY_1 / RATE_1},
    ]
    optimizer = torch.optim.SGD(groups, lr=0.0, momentum=MOMENTUM, nesterov=True)
    lookahead = LookaheadState(model)
    losses = []
    for step, x, y in batches(images, labels):
        train_whitening_bias(model, step < STEPS)
        for group in optimizer.param_groups:
            group["lr"] = RATE_1 * group["factor"] * FACTORS[step]
        loss = loss_of(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item() / BATCH)
        done = step + 1
        if done % LOOKAHEAD["every"] == 0:
            lookahead.update(model, LOOKAHEAD["decay"] * (done / TOTAL) ** LOOKAHEAD["ramp"])
    # The weights of the end are the slow ones.
    lookahead.update(model, 1.0)
    return losses


# Variant 2 -----------------------------------------------------------------------------------------------------

# Smaller than theirs, 0.24, 0.053 and 0.67: they divide the output by 256, and bfloat16 lets roundings grow.
RATE_2, BIAS_RATE, HEAD_RATE = 0.0005, 0.0005, 0.001
DECAY_2 = 2e-6 * 2000

OURS_2 = {
    "optimizer": {
        "type": "Muon",
        "momentum": 0.6,
        "nsSteps": 3,
        "normaliseWeights": True,
        "others": "SGD",
        "othersMomentum": MOMENTUM,
        "othersNesterov": True,
        "weightDecay": 0,
        "groups": [
            *NEVER_TRAINED,
            {
                "modules": ["0"],
                "learningRateFactor": BIAS_RATE / RATE_2,
                "weightDecay": DECAY_2 / BIAS_RATE,
                "untilEpoch": 1,
                "wholeSchedule": True,
            },
            {"kinds": ["bias"], "learningRateFactor": BIAS_RATE / RATE_2, "weightDecay": DECAY_2 / BIAS_RATE},
            {
                "modules": ["11"],
                "learningRateFactor": HEAD_RATE / RATE_2,
                "weightDecay": DECAY_2 / HEAD_RATE,
                "byMuon": False,
            },
        ],
    },
}


def orthogonalised(matrix, steps=3, eps=1e-7):
    """Newton–Schulz in bfloat16."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrix.bfloat16()
    x = x / (x.norm() + eps)
    if matrix.size(0) > matrix.size(1):
        x = x.T
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if matrix.size(0) > matrix.size(1) else x


@torch.no_grad()
def muon_step(parameter, average, rate, momentum):
    gradient = parameter.grad
    average.mul_(momentum).add_(gradient)
    direction = gradient.add(average, alpha=momentum)
    parameter.mul_(len(parameter) ** 0.5 / parameter.norm())
    update = orthogonalised(direction.reshape(len(direction), -1)).reshape(parameter.shape)
    parameter.add_(update.to(parameter.dtype), alpha=-rate)


def variant_2(model, images, labels):
    groups = [
        {"params": [model[0].bias], "first": BIAS_RATE, "steps": STEPS, "weight_decay": DECAY_2 / BIAS_RATE},
        {"params": norm_biases(model), "first": BIAS_RATE, "steps": TOTAL, "weight_decay": DECAY_2 / BIAS_RATE},
        {"params": [model[11].weight], "first": HEAD_RATE, "steps": TOTAL, "weight_decay": DECAY_2 / HEAD_RATE},
    ]
    optimizer = torch.optim.SGD(groups, lr=0.0, momentum=MOMENTUM, nesterov=True)
    averages = [(weight, torch.zeros_like(weight)) for weight in (model[2].weight, model[6].weight)]
    losses = []
    for step, x, y in batches(images, labels):
        train_whitening_bias(model, step < STEPS)
        for group in optimizer.param_groups:
            group["lr"] = group["first"] * max(0, 1 - step / group["steps"])
        loss = loss_of(model(x), y)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        for weight, average in averages:
            muon_step(weight, average, RATE_2 * (1 - step / TOTAL), 0.6)
        losses.append(loss.item() / BATCH)
    return losses


# -----------------------------------------------------------------------------------------------------------------


def measure(train, inputs, labels, dtype):
    model = network()
    fills = fills_of(model)
    baseline.fill(model, fills)
    with torch.no_grad():
        model[0].weight.copy_(whitening_filters(inputs[:32]).float())
    model[0].weight.requires_grad_(False)
    for module in baseline.norms(model):
        module.weight.requires_grad_(False)
    whitening = model[0].weight.detach().clone()
    model = model.to(dtype).train()
    losses = train(model, inputs.to(dtype), labels)
    buffers = [b for b in model.buffers() if b.is_floating_point()]
    return {"fills": fills, "whitening": whitening, "losses": losses,
            "tensors": [*(p.detach() for p in model.parameters()), *buffers]}  # fmt: skip


def case(name, train, ours, rates):
    images, labels = baseline.cifar10(IMAGES)
    shape = (1, 3, 1, 1)
    mean, std = (torch.tensor(v, dtype=torch.float64).view(shape) for v in (MEAN, STD))
    inputs, labels = (torch.from_numpy(images).double() / 255 - mean) / std, torch.from_numpy(labels)
    single, double = (measure(train, inputs, labels, dtype) for dtype in (torch.float32, torch.float64))
    off = max(map(baseline.relative, single["tensors"], double["tensors"]))
    print(f"{name}: float32 and float64 {off:.1e} apart, losses {baseline.relative(single['losses'], double['losses']):.1e}")
    return {
        "name": name,
        "recipe": ours,
        "rates": rates,
        "whitening": single["whitening"].flatten().tolist(),
        "fills": single["fills"],
        "losses": double["losses"],
        "tensors": [{"shape": list(t.shape), **baseline.elements(t, 40)} for t in double["tensors"]],
        "apart": off,
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    cases = [
        case("SGD in groups, lookahead", variant_1, OURS_1, [RATE_1 * factor for factor in FACTORS]),
        case("Muon of normalised weights, SGD", variant_2, OURS_2, [RATE_2 * (1 - s / TOTAL) for s in range(TOTAL)]),
    ]
    span = {"batchSize": BATCH, "steps": STEPS, "epochs": EPOCHS, "mean": MEAN, "std": STD, "network": TREE}
    baseline.write("speed-runs.json", {**span, "cases": cases})
