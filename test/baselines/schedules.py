"""Writes schedules.json: learning rates as PyTorch's own schedulers step through them.

    python test/baselines/schedules.py

Each case holds a schedule of the project file, its span, and the rate before every optimizer step.
"""

import json
import math
import pathlib
import warnings

import torch
from torch.optim import lr_scheduler

warnings.filterwarnings("ignore")


def rates(make, rate, epochs, steps_per_epoch, per):
    """Steps a scheduler per epoch or per step; gives the rate of every optimizer step."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)
    scheduler = make(optimizer)
    result = []
    for _ in range(epochs):
        for _ in range(steps_per_epoch):
            result.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if per == "step":
                scheduler.step()
        if per == "epoch":
            scheduler.step()
    return result


def case(name, schedule, epochs, steps_per_epoch, per, make, rate=None):
    base = schedule["rate"] if rate is None else rate
    return {
        "name": name,
        "schedule": schedule,
        "epochs": epochs,
        "stepsPerEpoch": steps_per_epoch,
        "rates": rates(make, base, epochs, steps_per_epoch, per),
    }


def one_cycle_case(name, schedule, epochs, steps_per_epoch, **options):
    """OneCycleLR refuses a step more than it was made for, so its last step is not stepped over."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    total = epochs * steps_per_epoch
    scheduler = lr_scheduler.OneCycleLR(optimizer, total_steps=total, cycle_momentum=False, **options)
    result = []
    for step in range(total):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < total - 1:
            scheduler.step()
    return {
        "name": name,
        "schedule": schedule,
        "epochs": epochs,
        "stepsPerEpoch": steps_per_epoch,
        "rates": result,
    }


def cases():
    yield case(
        "StepLR",
        {"type": "Step", "rate": 0.1, "every": 3, "gamma": 0.1},
        10, 4, "epoch",
        lambda o: lr_scheduler.StepLR(o, step_size=3, gamma=0.1),
    )
    yield case(
        "CosineAnnealingLR per epoch",
        {"type": "Cosine", "rate": 0.08, "per": "epoch"},
        60, 3, "epoch",
        lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=60),
    )
    yield case(
        "CosineAnnealingLR per step with a floor",
        {"type": "Cosine", "rate": 0.05, "floor": 0.001, "per": "step"},
        5, 20, "step",
        lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=100, eta_min=0.001),
    )
    yield case(
        "LambdaLR: half a cosine that stops at a floor",
        {"type": "Cosine", "rate": 0.01, "floor": 0.0002, "clampFloor": True, "per": "epoch"},
        50, 2, "epoch",
        lambda o: lr_scheduler.LambdaLR(
            o, lambda k: max(0.0002, 0.5 * 0.01 * (1 + math.cos(math.pi * k / 50))) / 0.01
        ),
    )
    yield case(
        "CosineAnnealingWarmRestarts",
        {"type": "CosineCycles", "rate": 0.1, "length": 1},
        4, 8, "step",
        lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, T_0=8),
    )
    yield case(
        "CosineAnnealingWarmRestarts, cycles twice as long each time, with a floor",
        {"type": "CosineCycles", "rate": 0.1, "length": 2, "multiplier": 2, "floor": 0.0001},
        14, 8, "step",
        lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, T_0=16, T_mult=2, eta_min=0.0001),
    )
    listed = [0.001, 0.0005, 0.0002, 0.0001]
    yield case(
        "LambdaLR: a list, over and over",
        {"type": "List", "rates": listed},
        10, 2, "epoch",
        lambda o: lr_scheduler.LambdaLR(o, lambda k: listed[k % 4]),
        rate=1.0,
    )
    yield case(
        "LinearLR down to an end",
        {"type": "Linear", "rate": 0.2, "end": 0.02},
        4, 25, "step",
        lambda o: lr_scheduler.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=100),
    )
    yield one_cycle_case(
        "OneCycleLR", {"type": "OneCycle", "rate": 0.1}, 5, 20, max_lr=0.1
    )
    yield one_cycle_case(
        "OneCycleLR on straight lines, with its own figures",
        {"type": "OneCycle", "rate": 0.4, "percentageUp": 0.45, "div": 10, "finalDiv": 100, "anneal": "linear"},
        3, 33,
        max_lr=0.4, pct_start=0.45, div_factor=10, final_div_factor=100, anneal_strategy="linear",
    )
    yield case(
        "LinearLR as warm-up before a constant rate",
        {"type": "Constant", "rate": 0.04, "warmup": {"steps": 30, "factor": 0.1}},
        3, 20, "step",
        lambda o: lr_scheduler.LinearLR(o, start_factor=0.1, total_iters=30),
    )
    yield case(
        "LambdaLR: warm-up over a tenth, from nothing, times a cosine",
        {"type": "Cosine", "rate": 0.3, "per": "step", "warmup": {"fraction": 0.1}},
        5, 20, "step",
        lambda o: lr_scheduler.LambdaLR(
            o, lambda s: min(1.0, s / 10) * 0.5 * (1 + math.cos(math.pi * s / 100))
        ),
    )


if __name__ == "__main__":
    target = pathlib.Path(__file__).with_name("schedules.json")
    document = {"torch": torch.__version__.split("+")[0], "cases": list(cases())}
    target.write_text(json.dumps(document, indent=1) + "\n")
