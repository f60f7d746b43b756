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
    yield case(
        "MultiStepLR",
        {"type": "MultiStep", "rate": 0.1, "milestones": [2, 3, 7], "gamma": 0.3},
        10, 3, "epoch",
        lambda o: lr_scheduler.MultiStepLR(o, milestones=[2, 3, 7], gamma=0.3),
    )
    yield case(
        "ExponentialLR",
        {"type": "Exponential", "rate": 0.1, "gamma": 0.85},
        12, 3, "epoch",
        lambda o: lr_scheduler.ExponentialLR(o, gamma=0.85),
    )
    yield case(
        "CyclicLR",
        {"type": "Triangular", "rate": 0.1, "floor": 0.001, "up": 2},
        9, 8, "step",
        lambda o: lr_scheduler.CyclicLR(o, base_lr=0.001, max_lr=0.1, step_size_up=16, cycle_momentum=False),
    )
    yield case(
        "CyclicLR, up faster than down, each peak half as high",
        {"type": "Triangular", "rate": 0.3, "floor": 0.01, "up": 0.5, "down": 1.5, "halves": True},
        7, 8, "step",
        lambda o: lr_scheduler.CyclicLR(
            o, base_lr=0.01, max_lr=0.3, step_size_up=4, step_size_down=12, mode="triangular2", cycle_momentum=False
        ),
    )


def plateau_case(name, schedule, figures, **options):
    """The rate of each epoch, with the figures that the scheduler is shown after it."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=schedule["rate"])
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    result = []
    for figure in figures:
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(figure)
    return {"name": name, "schedule": schedule, "figures": figures, "rates": result}


def plateau_cases():
    losses = [1.0, 0.8, 0.79995, 0.81, 0.7, 0.71, 0.72, 0.6999, 0.75, 0.7, 0.69, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7]
    accuracies = [0.5, 0.6, 0.6, 0.605, 0.606, 0.7, 0.69, 0.7, 0.701, 0.7, 0.72, 0.71, 0.71, 0.71, 0.71, 0.71]
    plateau = {"type": "ReduceOnPlateau", "rate": 0.1}
    yield plateau_case("as it is", plateau, losses)
    yield plateau_case("less patient", {**plateau, "patience": 1, "factor": 0.5}, losses, patience=1, factor=0.5)
    yield plateau_case(
        "with rests and a least rate",
        {**plateau, "patience": 0, "factor": 0.3, "cooldown": 2, "minimum": 0.004},
        losses,
        patience=0, factor=0.3, cooldown=2, min_lr=0.004,
    )
    yield plateau_case(
        "better by an amount",
        {**plateau, "patience": 2, "threshold": 0.05, "absolute": True},
        losses,
        patience=2, threshold=0.05, threshold_mode="abs",
    )
    yield plateau_case(
        "of the accuracy",
        {**plateau, "metric": "testAccuracy", "patience": 1, "threshold": 0.01},
        accuracies,
        mode="max", patience=1, threshold=0.01,
    )


if __name__ == "__main__":
    target = pathlib.Path(__file__).with_name("schedules.json")
    document = {"torch": torch.__version__.split("+")[0], "cases": list(cases()), "plateaus": list(plateau_cases())}
    target.write_text(json.dumps(document, indent=1) + "\n")
