"""Fractional pooling with the random places that PyTorch's CPU generator draws from seed 7: fractional.json.

Element i of the input is sin(i). Each case: [kernel, output size, input shape, output, gradient of the sum of outputs].
"""

import json
import pathlib

import torch
from torch.nn import functional as F

CASES = [
    ([2, 2], [5, 4], [2, 3, 9, 8]),
    ([3, 2], [4, 6], [1, 2, 10, 11]),
    ([2, 2, 2], [2, 3, 4], [2, 2, 5, 7, 8]),
    ([1, 2, 3], [3, 3, 2], [1, 3, 6, 5, 7]),
]


def run(kernel, size, shape):
    x = torch.arange(torch.Size(shape).numel()).double().sin().float().reshape(shape).requires_grad_()
    torch.manual_seed(7)
    samples = torch.rand(*shape[:2], len(kernel))
    pool = F.fractional_max_pool2d if len(kernel) == 2 else F.fractional_max_pool3d
    y = pool(x, kernel, output_size=size, _random_samples=samples)
    y.sum().backward()
    rounded = lambda tensor: [round(value, 6) for value in tensor.flatten().tolist()]
    return [kernel, size, shape, rounded(y), rounded(x.grad)]


cases = ",\n".join(json.dumps(run(*case)) for case in CASES)
version = torch.__version__.split("+")[0]
pathlib.Path(__file__).with_name("fractional.json").write_text(f'{{"torch": "{version}", "cases": [\n{cases}\n]}}\n')
