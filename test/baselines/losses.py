"""Baselines of all losses with default and unusual options, over small tensors: losses.json beside this file.

A case holds our loss, what torch.nn.functional took, and what it gave: the loss and the gradients of its sum.
`python3 losses.py`.
"""

import torch
from torch.nn import functional as F

import baseline

N, C = 4, 5
torch.manual_seed(0)

SCORES = torch.randn(N, C).round(decimals=4)
OTHERS = torch.randn(N, C).round(decimals=4)
THIRD = torch.randn(N, C).round(decimals=4)
SHARES = torch.rand(N, C).round(decimals=4) * 0.9 + 0.05
CLASSES = torch.tensor([3, 0, 4, 1])
LISTED = torch.tensor([[3, -1, 0, 0, 0], [0, 2, -1, 0, 0], [4, 1, 0, -1, 0], [1, -1, 0, 0, 0]])
SIGNS = torch.tensor([[1.0, -1, 1, -1, 1], [-1, -1, 1, 1, 1], [1, 1, 1, -1, -1], [-1, 1, -1, 1, -1]])
COUNTS = torch.tensor([[0.0, 1, 2, 5, 3], [4, 0, 1, 1, 2], [7, 3, 2, 0, 1], [1, 1, 6, 2, 0]])
WEIGHTS = [0.5, 2.0, 1.0, 0.25, 3.0]
MAPS = torch.randn(2, 3, 2, 2).round(decimals=4)
MAP_CLASSES = torch.tensor([[[0, 2], [1, 1]], [[2, 0], [0, 1]]])
SEQUENCE = torch.randn(7, 3, 4).round(decimals=4).log_softmax(2)  # steps, samples, classes
LABELS = torch.tensor([[1, 2, 2], [3, 1, 0], [2, 0, 0]])
IMPOSSIBLE = torch.tensor([[1, 1, 1], [3, 3, 1], [2, 0, 0]])
LENGTHS = torch.tensor([7, 6, 5]), torch.tensor([3, 2, 1])
SHORT = torch.tensor([4, 6, 5]), torch.tensor([3, 2, 1])  # three equal labels need five steps

W = torch.tensor(WEIGHTS)


def reduced(function):
    """A measure that has no reduction of its own."""

    def compute(*tensors, reduction="mean", **options):
        values = function(*tensors, **options)
        return values if reduction == "none" else getattr(values, reduction)()

    return compute


DISTANCE, SIMILARITY = reduced(F.pairwise_distance), reduced(F.cosine_similarity)
SIGN = SIGNS[:, 0].contiguous()

# type, our options, torch's function, its options, inputs, targets
CASES = [
    ("CrossEntropy", {}, F.cross_entropy, {}, [SCORES], [CLASSES]),
    ("CrossEntropy", {"classWeights": WEIGHTS, "labelSmoothing": 0.1}, F.cross_entropy, {"weight": W, "label_smoothing": 0.1}, [SCORES], [CLASSES]),
    ("CrossEntropy", {"ignoreIndex": 4}, F.cross_entropy, {"ignore_index": 4}, [SCORES], [CLASSES]),
    ("CrossEntropy", {}, F.cross_entropy, {}, [MAPS], [MAP_CLASSES]),
    ("CrossEntropy", {"labelSmoothing": 0.3}, F.cross_entropy, {"label_smoothing": 0.3}, [SCORES], [SHARES]),
    ("NLL", {"classWeights": WEIGHTS, "ignoreIndex": 0}, F.nll_loss, {"weight": W, "ignore_index": 0}, [SCORES], [CLASSES]),
    ("NLL", {}, F.nll_loss, {}, [MAPS], [MAP_CLASSES]),
    ("MSE", {}, F.mse_loss, {}, [SCORES], [OTHERS]),
    ("L1", {}, F.l1_loss, {}, [SCORES], [OTHERS]),
    ("SmoothL1", {}, F.smooth_l1_loss, {}, [SCORES], [OTHERS]),
    ("SmoothL1", {"beta": 0.3}, F.smooth_l1_loss, {"beta": 0.3}, [SCORES], [OTHERS]),
    ("Huber", {}, F.huber_loss, {}, [SCORES], [OTHERS]),
    ("Huber", {"delta": 0.4}, F.huber_loss, {"delta": 0.4}, [SCORES], [OTHERS]),
    ("BCE", {}, F.binary_cross_entropy, {}, [SHARES], [SIGNS.clamp_min(0)]),
    ("BCE", {"classWeights": WEIGHTS}, F.binary_cross_entropy, {"weight": W}, [SHARES], [SIGNS.clamp_min(0)]),
    ("BCEWithLogits", {}, F.binary_cross_entropy_with_logits, {}, [SCORES], [SHARES]),
    ("BCEWithLogits", {"classWeights": WEIGHTS, "positiveWeights": [2.0, 1.0, 0.5, 4.0, 1.0]}, F.binary_cross_entropy_with_logits, {"weight": W, "pos_weight": torch.tensor([2.0, 1.0, 0.5, 4.0, 1.0])}, [SCORES], [SHARES]),
    ("KLDiv", {}, F.kl_div, {}, [SCORES.log_softmax(1)], [SHARES]),
    ("KLDiv", {"logTarget": True}, F.kl_div, {"log_target": True}, [SCORES.log_softmax(1)], [OTHERS.log_softmax(1)]),
    ("PoissonNLL", {}, F.poisson_nll_loss, {}, [SCORES], [COUNTS]),
    ("PoissonNLL", {"logInput": False, "full": True, "eps": 0.01}, F.poisson_nll_loss, {"log_input": False, "full": True, "eps": 0.01}, [SHARES], [COUNTS]),
    ("MultiMargin", {}, F.multi_margin_loss, {}, [SCORES], [CLASSES]),
    ("MultiMargin", {"p": 2, "margin": 0.7, "classWeights": WEIGHTS}, F.multi_margin_loss, {"p": 2, "margin": 0.7, "weight": W}, [SCORES], [CLASSES]),
    ("MultiLabelMargin", {}, F.multilabel_margin_loss, {}, [SCORES], [LISTED]),
    ("MultiLabelSoftMargin", {}, F.multilabel_soft_margin_loss, {}, [SCORES], [SIGNS.clamp_min(0)]),
    ("MultiLabelSoftMargin", {"classWeights": WEIGHTS}, F.multilabel_soft_margin_loss, {"weight": W}, [SCORES], [SIGNS.clamp_min(0)]),
    ("SoftMargin", {}, F.soft_margin_loss, {}, [SCORES], [SIGNS]),
    ("HingeEmbedding", {}, F.hinge_embedding_loss, {}, [SCORES], [SIGNS]),
    ("HingeEmbedding", {"margin": 0.5}, F.hinge_embedding_loss, {"margin": 0.5}, [SCORES], [SIGNS]),
    ("CosineEmbedding", {}, F.cosine_embedding_loss, {}, [SCORES, OTHERS], [SIGN]),
    ("CosineEmbedding", {"margin": 0.2}, F.cosine_embedding_loss, {"margin": 0.2}, [SCORES, OTHERS], [SIGN]),
    ("MarginRanking", {}, F.margin_ranking_loss, {}, [SCORES, OTHERS], [SIGNS]),
    ("MarginRanking", {"margin": 0.5}, F.margin_ranking_loss, {"margin": 0.5}, [SCORES, OTHERS], [SIGNS]),
    ("TripletMargin", {}, F.triplet_margin_loss, {}, [SCORES, OTHERS, THIRD], []),
    ("TripletMargin", {"margin": 2.0, "p": 1.0, "eps": 0.001, "swap": True}, F.triplet_margin_loss, {"margin": 2.0, "p": 1.0, "eps": 0.001, "swap": True}, [SCORES, OTHERS, THIRD], []),
    ("PairwiseDistance", {}, DISTANCE, {}, [SCORES, OTHERS], []),
    ("PairwiseDistance", {"p": 3.0, "eps": 0.01}, DISTANCE, {"p": 3.0, "eps": 0.01}, [SCORES, OTHERS], []),
    ("CosineSimilarity", {}, SIMILARITY, {}, [SCORES, OTHERS], []),
    ("CosineSimilarity", {"dim": 0, "eps": 2.0}, SIMILARITY, {"dim": 0, "eps": 2.0}, [SCORES, OTHERS], []),
    ("CTC", {}, F.ctc_loss, {}, [SEQUENCE], [LABELS, *LENGTHS]),
    ("CTC", {"blank": 3}, F.ctc_loss, {"blank": 3}, [SEQUENCE], [torch.tensor([[1, 2, 2], [0, 1, 0], [2, 0, 0]]), *LENGTHS]),
    ("CTC", {"zeroInfinity": True}, F.ctc_loss, {"zero_infinity": True}, [SEQUENCE], [IMPOSSIBLE, *SHORT]),
]  # fmt: skip


def written(tensor):
    return {
        "shape": list(tensor.shape),
        "isWhole": not tensor.is_floating_point(),
        "data": tensor.flatten().tolist(),
    }


def main():
    results = []
    for kind, ours, function, theirs, inputs, targets in CASES:
        reductions = ["mean", "sum", "none"] + (["batchmean"] if kind == "KLDiv" else [])
        for reduction in reductions:
            leaves = [tensor.clone().requires_grad_() for tensor in inputs]
            loss = function(*leaves, *targets, reduction=reduction, **theirs)
            loss.sum().backward()
            results.append({
                "loss": {"type": kind, **ours, **({} if reduction == "mean" else {"reduction": reduction})},
                "inputs": [written(tensor) for tensor in inputs],
                "targets": [written(tensor) for tensor in targets],
                "shape": list(loss.shape),
                "value": loss.detach().flatten().tolist(),
                "gradients": [leaf.grad.flatten().tolist() for leaf in leaves],
            })  # fmt: skip
    baseline.write("losses.json", {"cases": results})


if __name__ == "__main__":
    main()
