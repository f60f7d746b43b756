"""The loss scale of float16, by torch.amp.GradScaler on the CPU: loss-scale.json beside this file.

Gradients as runs of [value, times]; after each run the scale, how many of its steps were left out, and the last
gradient, scaled down again (null: not finite). `python3 loss_scale.py`.
"""

import math

import torch

import baseline

# 1e35 overflows float32 with any scale above 3,402; infinity with any.
RUNS = [[1e-6, 3], [math.inf, 2], [1e35, 6], [0.25, 1999], [-math.inf, 1], [0.25, 2000], [1.5, 4001], [math.nan, 1], [2.0, 1]]


def steps(settings):
    scaler = torch.amp.GradScaler("cpu", **settings)
    made = []
    for value, times in RUNS:
        skipped = 0
        for _ in range(times):
            parameter = torch.ones((), requires_grad=True)
            optimizer = torch.optim.SGD([parameter], lr=1.0)
            scaler.scale(parameter * value).backward()
            scaler.unscale_(optimizer)
            gradient = parameter.grad.item()
            scaler.step(optimizer)
            scaler.update()
            skipped += parameter.item() == 1.0 and value != 0
        last = gradient if math.isfinite(gradient) else None
        made.append({"scale": scaler.get_scale(), "skipped": skipped, "gradient": last})
    return made


def main():
    # JSON has no infinity.
    runs = [[str(value), times] for value, times in RUNS]
    never = {"growth_factor": 1.0 + 1e-9, "backoff_factor": 1.0 - 1e-9}
    fixed = [{**run, "scale": 128.0} for run in steps({"init_scale": 128.0, **never})]
    baseline.write("loss-scale.json", {"runs": runs, "found": steps({}), "fixed": fixed})


if __name__ == "__main__":
    main()
