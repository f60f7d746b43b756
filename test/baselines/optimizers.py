"""Baselines of optimizers, losses, clipping, accumulation and parameter groups: optimizers.json beside this file.

Small networks on real digits, five optimizer steps with changing rates. A case states its conditions twice, as our
project file has them and as torch code. `python3 optimizers.py`.
"""

import torch
from torch import nn
from torch.nn import functional as F

import baseline

BATCH = 16
RATES = [1.0, 0.5, 2.0, 1.0, 0.25]  # times the case's own


# Networks: ours and torch's ------------------------------------------------------------------------------------


def linear(*ends):
    tree = [
        {"type": "Flatten"},
        {"type": "Linear", "options": {"out_features": 16}},
        {"type": "Tanh"},
        {"type": "Linear", "options": {"out_features": 10}},
        *({"type": type(end).__name__, **({"options": {"dim": 1}} if hasattr(end, "dim") else {})} for end in ends),
    ]
    return tree, lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.Tanh(), nn.Linear(16, 10), *ends)


CONVOLUTION = (
    [
        {"type": "Conv2d", "options": {"out_channels": 6, "kernel_size": 5, "stride": 2, "bias": False}},
        {"type": "BatchNorm2d"},
        {"type": "ReLU"},
        {"type": "Flatten"},
        {"type": "Linear", "options": {"out_features": 10}},
    ],
    lambda: nn.Sequential(
        nn.Conv2d(1, 6, 5, stride=2, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.Flatten(), nn.Linear(864, 10)
    ),
)  # fmt: skip

FROZEN = ([{**CONVOLUTION[0][0], "frozen": True}, *CONVOLUTION[0][1:]], CONVOLUTION[1])


# Optimizers: ours and torch's ----------------------------------------------------------------------------------


def sgd(rate, momentum=0.0, dampening=0.0, nesterov=False, decay=0.0):
    ours = {"type": "SGD", "momentum": momentum, "dampening": dampening, "nesterov": nesterov, "weightDecay": decay}
    options = dict(momentum=momentum, dampening=dampening, nesterov=nesterov, weight_decay=decay)
    return rate, ours, lambda net: torch.optim.SGD(net.parameters(), lr=0.0, **options)


def adam(kind, rate, decay=None, **options):
    ours = {"type": kind, **({} if decay is None else {"weightDecay": decay}), **options}
    theirs = {**options, **({} if decay is None else {"weight_decay": decay})}
    return rate, ours, lambda net: getattr(torch.optim, kind)(net.parameters(), lr=0.0, **theirs)


def lamb(rate, decay=0.0, trust_clip=False, **options):
    ours = {"type": "LAMB", "weightDecay": decay, "trustClip": trust_clip, **options}
    return rate, ours, lambda net: baseline.Lamb(
        net.parameters(), lr=0.0, weight_decay=decay, trust_clip=trust_clip, **options
    )


def adagrad(rate, decay=0.0, **options):
    names = {"lrDecay": "lr_decay", "initialAccumulatorValue": "initial_accumulator_value", "eps": "eps"}
    theirs = {names[key]: value for key, value in options.items()}
    ours = {"type": "Adagrad", "weightDecay": decay, **options}
    return rate, ours, lambda net: torch.optim.Adagrad(net.parameters(), lr=0.0, weight_decay=decay, **theirs)


def rmsprop(rate, decay=0.0, **options):
    ours = {"type": "RMSprop", "weightDecay": decay, **options}
    return rate, ours, lambda net: torch.optim.RMSprop(net.parameters(), lr=0.0, weight_decay=decay, **options)


def lbfgs(rate=1.0, **options):
    names = {
        "maxIter": "max_iter", "maxEval": "max_eval", "historySize": "history_size", "toleranceGrad": "tolerance_grad",
        "toleranceChange": "tolerance_change", "lineSearch": "line_search_fn",
    }  # fmt: skip
    theirs = {names[key]: value for key, value in options.items()}
    return rate, {"type": "LBFGS", **options}, lambda net: torch.optim.LBFGS(net.parameters(), lr=1.0, **theirs)


class MuonAndOthers:
    """Matrices by torch.optim.Muon, which takes no other weights: a convolution's is given to it as a matrix of its
    outputs by all else. Biases, norms and what `left_out` has by torch.optim.AdamW or SGD. `normalises`: each matrix is
    scaled to the norm of an orthogonal one first, as in Jordan's airbench94_muon (arXiv 2404.00498)."""

    def __init__(self, net, decay, others, normalises=False, left_out=(), **options):
        self.normalises = normalises
        names = dict(net.named_parameters())
        is_wide = lambda name: names[name].dim() > 1 and name not in left_out
        wide = [p for name, p in names.items() if is_wide(name)]
        self.matrices = [(nn.Parameter(p.data.reshape(len(p), -1)), p) for p in wide]
        for matrix, p in self.matrices:
            p.data = matrix.data.view(p.shape)
        rest = [p for name, p in names.items() if not is_wide(name)]
        kind, of_others = others
        self.net = net
        self.parts = [
            torch.optim.Muon([matrix for matrix, _ in self.matrices], lr=0.0, weight_decay=decay, **options),
            kind(rest, lr=0.0, weight_decay=decay, **of_others),
        ]
        self.param_groups = [group for part in self.parts for group in part.param_groups]

    def zero_grad(self):
        self.net.zero_grad()

    def step(self):
        for matrix, p in self.matrices:
            matrix.grad = p.grad.reshape(matrix.shape)
            if self.normalises:
                matrix.data.mul_(len(matrix) ** 0.5 / matrix.data.norm())
        for part in self.parts:
            part.step()


def muon(rate, decay=0.1, betas=(0.9, 0.999), sgd=None, normalises=False, left_out=None, **options):
    names = {
        "momentum": "momentum", "nesterov": "nesterov", "nsSteps": "ns_steps", "nsCoefficients": "ns_coefficients",
        "eps": "eps", "adjustLr": "adjust_lr_fn",
    }  # fmt: skip
    theirs = {names[key]: value for key, value in options.items()}
    ours = {"type": "Muon", "weightDecay": decay, "betas": list(betas), **options}
    others = torch.optim.AdamW, {"betas": betas}
    if sgd is not None:
        ours |= {"others": "SGD", "othersMomentum": sgd["momentum"], "othersNesterov": sgd["nesterov"]}
        others = torch.optim.SGD, sgd
    if normalises:
        ours["normaliseWeights"] = True
    if left_out is not None:
        ours["groups"] = [{"modules": [left_out], "byMuon": False}]
    names = () if left_out is None else (f"{left_out}.weight",)
    return rate, ours, lambda net: MuonAndOthers(net, decay, others, normalises, names, **theirs)


def only_weights(kind, rate):
    ours = {"type": kind, "weightDecay": 0.3, "decayOnlyWeights": True}

    def make(net):
        wide = [p for p in net.parameters() if p.dim() > 1]
        rest = [p for p in net.parameters() if p.dim() == 1]
        groups = [{"params": wide, "weight_decay": 0.3}, {"params": rest, "weight_decay": 0.0}]
        return getattr(torch.optim, kind)(groups, lr=0.0)

    return rate, ours, make


def scaled(optimizer, factor):
    """The same with a rate so many times as large on torch's side."""
    rate, ours, make = optimizer

    def made(net):
        result = make(net)
        for group in result.param_groups:
            group["factor"] = factor
        return result

    return rate, ours, made


def in_groups(kind, rate):
    """No decay on norms and biases, a tenth of the rate for the convolution, the rest as the optimizer says."""
    ours = {
        "type": kind,
        "weightDecay": 0.1,
        "groups": [
            {"kinds": ["norm", "bias"], "weightDecay": 0},
            {"modules": ["0"], "learningRateFactor": 0.1},
        ],
        **({"momentum": 0.9} if kind == "SGD" else {}),
    }

    def make(net):
        convolution, norm, head = net[0], net[1], net[4]
        groups = [
            {"params": [norm.weight, norm.bias, head.bias], "weight_decay": 0.0},
            {"params": [convolution.weight], "factor": 0.1},
            {"params": [head.weight]},
        ]
        options = {"momentum": 0.9} if kind == "SGD" else {}
        return getattr(torch.optim, kind)(groups, lr=0.0, weight_decay=0.1, **options)

    return rate, ours, make


# Losses: ours, torch's, and what of the output is compared -----------------------------------------------------

WEIGHTS = [0.5, 1.0, 2.0, 0.25, 1.5, 1.0, 3.0, 0.75, 1.0, 0.1]


def cross_entropy(**options):
    weight, smoothing = options.get("classWeights"), options.get("labelSmoothing", 0.0)

    def loss(output, labels, dtype):
        weights = None if weight is None else torch.tensor(weight, dtype=dtype)
        return F.cross_entropy(output, labels, weight=weights, label_smoothing=smoothing)

    return {"type": "CrossEntropy", **options}, loss, baseline.scores


def nll(**options):
    weight = options.get("classWeights")

    def loss(output, labels, dtype):
        return F.nll_loss(output, labels, weight=None if weight is None else torch.tensor(weight, dtype=dtype))

    return {"type": "NLL", **options}, loss, baseline.scores


def one_hot(name, function, readout):
    return {"type": name}, lambda output, labels, dtype: function(output, F.one_hot(labels, 10).to(dtype)), readout


def signs(name, function, readout):
    return {"type": name}, lambda output, labels, dtype: function(output, 2 * F.one_hot(labels, 10).to(dtype) - 1), readout


def of_labels(name, function, readout, **ours):
    return {"type": name, **ours}, lambda output, labels, dtype: function(output, labels), readout


def listed(output, labels):
    """The only class of each sample, then -1."""
    rows = torch.full((len(labels), 10), -1)
    rows[:, 0] = labels
    return F.multilabel_margin_loss(output, rows)


CE = cross_entropy()
SOFTMAX = lambda output: output.softmax(1)
AS_IT_IS = lambda output: output

# name: network, optimizer, loss, more of the recipe
CASES = {
    "SGD": (linear(), sgd(0.05), CE, {}),
    "SGD momentum": (linear(), sgd(0.02, momentum=0.9), CE, {}),
    "SGD dampening": (linear(), sgd(0.05, momentum=0.8, dampening=0.3), CE, {}),
    "SGD Nesterov": (linear(), sgd(0.02, momentum=0.9, nesterov=True), CE, {}),
    "SGD decay": (linear(), sgd(0.05, decay=0.1), CE, {}),
    "SGD all": (CONVOLUTION, sgd(0.02, momentum=0.9, nesterov=True, decay=0.01), CE, {}),
    "Adam": (linear(), adam("Adam", 0.001), CE, {}),
    "Adam betas and eps": (linear(), adam("Adam", 0.002, betas=[0.5, 0.9], eps=0.001), CE, {}),
    "Adam decay": (linear(), adam("Adam", 0.001, decay=0.1), CE, {}),
    "Adam AMSGrad": (linear(), adam("Adam", 0.002, betas=[0.5, 0.6], amsgrad=True), CE, {}),
    "AdamW": (linear(), adam("AdamW", 0.001), CE, {}),
    "AdamW decay": (CONVOLUTION, adam("AdamW", 0.001, decay=0.5, betas=[0.5, 0.95]), CE, {}),
    "AdamW AMSGrad": (linear(), adam("AdamW", 0.002, betas=[0.5, 0.6], decay=0.1, amsgrad=True), CE, {}),
    "LAMB": (linear(), lamb(0.01), CE, {}),
    "LAMB decay": (CONVOLUTION, lamb(0.01, decay=0.1), CE, {}),
    "LAMB betas and eps": (linear(), lamb(0.01, betas=[0.5, 0.9], eps=0.01), CE, {}),
    # With a large eps updates are small, the trust ratio is above 1 and the clip binds.
    "LAMB trust clip": (linear(), lamb(0.05, eps=1.0, trust_clip=True), CE, {}),
    "Adagrad": (linear(), adagrad(0.01), CE, {}),
    "Adagrad all": (
        CONVOLUTION, adagrad(0.01, decay=0.1, lrDecay=0.5, initialAccumulatorValue=0.1, eps=0.01), CE, {},
    ),
    "RMSprop": (linear(), rmsprop(0.0005), CE, {}),
    "RMSprop centred": (linear(), rmsprop(0.0005, centered=True, alpha=0.8, eps=0.01), CE, {}),
    "RMSprop all": (CONVOLUTION, rmsprop(0.0002, decay=0.1, momentum=0.9, centered=True, eps=0.001), CE, {}),
    "Muon": (linear(), muon(0.001), CE, {}),
    "Muon without Nesterov": (linear(), muon(0.001, decay=0.5, momentum=0.5, nesterov=False, nsSteps=3), CE, {}),
    "Muon at AdamW's rate": (CONVOLUTION, muon(0.0005, adjustLr="match_rms_adamw", betas=(0.5, 0.9)), CE, {}),
    "Muon of normalised weights": (CONVOLUTION, muon(0.0003, decay=0.0, momentum=0.6, nsSteps=3, normalises=True), CE, {}),
    "Muon with SGD": (
        CONVOLUTION, muon(0.0005, decay=0.1, sgd={"momentum": 0.85, "nesterov": True}, left_out="4"), CE, {},
    ),
    "Muon with plain SGD": (
        CONVOLUTION, muon(0.0005, sgd={"momentum": 0.0, "nesterov": False}, left_out="4"), CE, {},
    ),
    "Muon without the last layer": (CONVOLUTION, muon(0.0005, left_out="4"), CE, {}),
    # L-BFGS divides by differences of gradients: what rounding leaves of these grows from step to step, at some rates
    # a thousandfold. At these float32 stays within 2e-5 of float64 on every processor, whatever its vectors' width.
    "L-BFGS": (linear(), lbfgs(0.5, maxIter=3), CE, {}),
    "L-BFGS short memory": (linear(), lbfgs(0.5, maxIter=4, maxEval=3, historySize=2), CE, {}),
    "L-BFGS line search": (linear(), lbfgs(0.3, maxIter=1, maxEval=4, lineSearch="strong_wolfe"), CE, {}),
    "L-BFGS long line search": (linear(), lbfgs(20.0, maxIter=1, maxEval=30, lineSearch="strong_wolfe"), CE, {}),
    "L-BFGS accumulate": (linear(), lbfgs(1.0, maxIter=3), CE, {"accumulate": 2}),
    "decay of weights only": (CONVOLUTION, only_weights("AdamW", 0.002), CE, {}),
    "SGD groups": (CONVOLUTION, in_groups("SGD", 0.02), CE, {}),
    "AdamW groups": (CONVOLUTION, in_groups("AdamW", 0.002), CE, {}),
    "frozen": (FROZEN, sgd(0.02, momentum=0.9, decay=0.1), CE, {}),
    "clip by norm": (linear(), sgd(0.1, momentum=0.9), CE, {"clip": {"kind": "norm", "at": 0.5}}),
    "clip by value": (linear(), sgd(0.1, momentum=0.9), CE, {"clip": {"kind": "value", "at": 0.02}}),
    "accumulate": (linear(), sgd(0.05, momentum=0.9), CE, {"accumulate": 3}),
    "accumulate and clip": (
        CONVOLUTION, adam("AdamW", 0.001), CE, {"accumulate": 2, "clip": {"kind": "norm", "at": 0.1}},
    ),
    "label smoothing": (linear(), sgd(0.05), cross_entropy(labelSmoothing=0.2), {}),
    "class weights": (linear(), sgd(0.05), cross_entropy(classWeights=WEIGHTS), {}),
    "smoothing and weights": (linear(), sgd(0.05), cross_entropy(labelSmoothing=0.2, classWeights=WEIGHTS), {}),
    "NLL": (linear(nn.LogSoftmax(1)), sgd(0.05), nll(), {}),
    "NLL class weights": (linear(nn.LogSoftmax(1)), sgd(0.05), nll(classWeights=WEIGHTS), {}),
    "MSE": (linear(), sgd(0.05), one_hot("MSE", F.mse_loss, AS_IT_IS), {}),
    "BCE": (linear(nn.Sigmoid()), sgd(0.2), one_hot("BCE", F.binary_cross_entropy, AS_IT_IS), {}),
    "BCE with logits": (
        linear(), sgd(0.2), one_hot("BCEWithLogits", F.binary_cross_entropy_with_logits, torch.sigmoid), {},
    ),
    "L1": (linear(), sgd(0.05), one_hot("L1", F.l1_loss, AS_IT_IS), {}),
    "Smooth L1": (linear(), sgd(0.05), one_hot("SmoothL1", F.smooth_l1_loss, AS_IT_IS), {}),
    "Huber": (linear(), sgd(0.05), one_hot("Huber", F.huber_loss, AS_IT_IS), {}),
    "KL divergence": (linear(nn.LogSoftmax(1)), sgd(0.2), one_hot("KLDiv", F.kl_div, torch.exp), {}),
    "Poisson likelihood": (linear(), sgd(0.05), one_hot("PoissonNLL", F.poisson_nll_loss, torch.exp), {}),
    "soft margin of labels": (
        linear(), sgd(0.2), one_hot("MultiLabelSoftMargin", F.multilabel_soft_margin_loss, torch.sigmoid), {},
    ),
    "soft margin": (linear(), sgd(0.2), signs("SoftMargin", F.soft_margin_loss, torch.sigmoid), {}),
    "margin": (linear(), sgd(0.05), of_labels("MultiMargin", F.multi_margin_loss, SOFTMAX), {}),
    "margin of labels": (linear(), sgd(0.05), of_labels("MultiLabelMargin", listed, SOFTMAX), {}),
    "distance": (
        linear(), sgd(0.05),
        one_hot("PairwiseDistance", lambda x, y: F.pairwise_distance(x, y).mean(), AS_IT_IS), {},
    ),
    "ignored class": (
        linear(), sgd(0.05),
        of_labels("CrossEntropy", lambda x, y: F.cross_entropy(x, y, ignore_index=4), baseline.scores, ignoreIndex=4), {},
    ),
    # The sum is what is minimised, the mean what is told.
    "sum": (linear(), scaled(sgd(0.002), BATCH), cross_entropy(reduction="sum"), {}),
}  # fmt: skip


def main():
    results = []
    for name, ((tree, build), (rate, optimizer, make), (loss, compute, readout), more) in CASES.items():
        accumulate = more.get("accumulate", 1)
        images, labels = baseline.mnist(BATCH * accumulate * len(RATES))
        inputs = torch.from_numpy(images).double() / 127.5 - 1
        network = build()
        if name == "frozen":
            network[0].requires_grad_(False)
        result = baseline.run(
            network, make, compute, [rate * factor for factor in RATES], inputs, torch.from_numpy(labels), BATCH,
            accumulate, more.get("clip"), readout, show=4, is_exact=optimizer["type"] == "LBFGS",
        )  # fmt: skip
        off = max(result["float64"]["after"], result["float64"]["parameters"])
        assert off < 3e-5, f"{name} is ill-conditioned: float32 and float64 are {off:.1e} apart"

        print(name, " ".join(f"{key} {value:.1e}" for key, value in result["float64"].items()), flush=True)
        conditions = {"network": tree, "optimizer": optimizer, "loss": loss, "clip": more.get("clip")}
        results.append({"name": name, "source": "mnist", **conditions, **result})
    baseline.write("optimizers.json", {"cases": results})


if __name__ == "__main__":
    main()
