"""Figures of classifiers by scikit-learn, torchmetrics and SciPy, for test/unit/core/evaluation.

    pip install torch numpy scikit-learn torchmetrics
    python test/baselines/evaluation.py

Two sets of probabilities of the same samples, made by hashing; they lie in the file with the figures. The last class
of the second case has no samples and is still said.
"""

import json
import os

import numpy
import torch
from scipy.stats import binomtest
from sklearn import metrics
from torchmetrics.functional.classification import multiclass_accuracy, multiclass_calibration_error

from baseline import HERE, uniform

SAMPLES = 300


def probabilities(ordinal, labels, classes, skill):
    """Softmax of hashed logits to which the label's class brings `skill`; six digits, which the file can hold."""
    logits = 3 * uniform(ordinal, SAMPLES * classes).reshape(SAMPLES, classes)
    logits[numpy.arange(SAMPLES), labels] += skill
    shares = numpy.exp(logits) / numpy.exp(logits).sum(1, keepdims=True)
    return numpy.round(shares, 6).astype(numpy.float32)


def wilson(right, samples):
    found = binomtest(int(right), int(samples)).proportion_ci(0.95, method="wilson")
    return [found.low, found.high]


def figures(labels, shares, classes):
    said = shares.argmax(1)
    names = list(range(classes))
    matrix = metrics.confusion_matrix(labels, said, labels=names)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, said, labels=names, zero_division=numpy.nan
    )
    right = numpy.diag(matrix)
    # F1 is 2 J / (1 + J) of the Jaccard index J, which is a proportion.
    jaccard = [wilson(r, s + t - r) for r, s, t in zip(right, support, matrix.sum(0))]
    present = support > 0
    macro = metrics.precision_recall_fscore_support(
        labels, said, labels=[n for n in names if present[n]], average="macro", zero_division=0
    )
    tensor, target = torch.from_numpy(shares), torch.from_numpy(labels)
    calibration = {
        norm: float(multiclass_calibration_error(tensor, target, classes, n_bins=15, norm=norm)) for norm in ["l1", "max"]
    }
    return {
        "classes": classes,
        "labels": labels.tolist(),
        "probabilities": [float(f"{value:.6f}") for value in shares.ravel()],
        "matrix": matrix.tolist(),
        "precision": nullable(precision),
        "recall": nullable(recall),
        "f1": nullable(f1),
        "recallIntervals": [wilson(r, s) if s else None for r, s in zip(right, support)],
        "f1Intervals": [[2 * low / (1 + low), 2 * high / (1 + high)] for low, high in jaccard],
        "macro": {"precision": macro[0], "recall": macro[1], "f1": macro[2]},
        "top": {
            str(k): float(multiclass_accuracy(tensor, target, classes, average="micro", top_k=k)) for k in [1, 2, 5]
        },
        "logLoss": metrics.log_loss(labels, shares.astype(numpy.float64), labels=names),
        "calibration": calibration,
    }


def nullable(values):
    return [None if numpy.isnan(value) else float(value) for value in values]


def compared(labels, one, other):
    first, second = one.argmax(1) == labels, other.argmax(1) == labels
    only = [int((first & ~second).sum()), int((~first & second).sum())]
    return {
        "bothRight": int((first & second).sum()),
        "onlyFirst": only[0],
        "onlySecond": only[1],
        "bothWrong": int((~first & ~second).sum()),
        "chance": float(binomtest(only[0], sum(only)).pvalue),
    }


def main():
    labels = numpy.abs(uniform(1, SAMPLES) * 6).astype(numpy.int64)
    one, other = probabilities(2, labels, 6, 2.5), probabilities(3, labels, 6, 1.5)
    few = numpy.abs(uniform(4, SAMPLES) * 5).astype(numpy.int64)
    found = {
        "cases": [
            figures(labels, one, 6),
            figures(few, probabilities(5, few, 6, 2.0), 6),
        ],
        "second": [float(f"{value:.6f}") for value in other.ravel()],
        "compared": compared(labels, one, other),
    }
    with open(os.path.join(HERE, "evaluation.json"), "w") as file:
        json.dump(found, file)
        file.write("\n")


main()
