"""Writes python-code.json: what PyTorch makes of the Python code that Torchwright writes.

    python test/baselines/python_code.py

Runs `node test/baselines/write-code.ts` (NODE names another node) for the code. Each case: SHA-256 of the code, state
dict as [name, shape] in its order, names of what is not trained, output shape of one sample, what print shows, and of
small filled networks mean and deviation of each parameter.
"""

import hashlib
import json
import os
import pathlib
import subprocess

import torch

here = pathlib.Path(__file__).parent


def inputs(shape, is_whole):
    """Two samples; one number alone is a class, from 0 to 9."""
    if is_whole or not shape:
        return torch.randint(0, 256 if is_whole else 10, (2, *shape))
    return torch.randn(2, *shape)


def run(name, shapes, is_whole, code):
    torch.manual_seed(0)
    module = {}
    exec(compile(code, name, "exec"), module)
    network = module["Network"]().eval()
    with torch.no_grad():
        output = network(*[inputs(shape, is_whole) for shape in shapes])
    fills = "nn.init" in code and code.count("\n") < 80
    return {
        "name": name,
        "code": hashlib.sha256(code.encode()).hexdigest(),
        "output": list(output.shape[1:]),
        "frozen": [key for key, value in network.named_parameters() if not value.requires_grad],
        "state": [[key, list(value.shape)] for key, value in network.state_dict().items()],
        "filled": {
            key: [round(value.mean().item(), 4), round(value.std(unbiased=False).item(), 4)]
            for key, value in (network.named_parameters() if fills else ())
        },
        "text": str(network),
    }


if __name__ == "__main__":
    node = os.environ.get("NODE", "node")
    written = subprocess.run([node, str(here / "write-code.ts")], stdout=subprocess.PIPE, check=True).stdout
    cases = [run(case["name"], case["inputs"], case["isWhole"], case["code"]) for case in json.loads(written)]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    version = torch.__version__.split("+")[0]
    (here / "python-code.json").write_text(f'{{ "torch": "{version}", "cases": [\n{lines}\n]}}\n', encoding="utf-8")
