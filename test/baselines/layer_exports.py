"""Writes layer-exports.json: what other programs make of every layer and container that was exported alone.

    python test/baselines/layer_exports.py

Wants torch, numpy, safetensors and onnxruntime. Runs `node test/baselines/write-layer-exports.ts` (NODE names another
node). Each case: its name, SHA-256 of what was written, the largest output, and for each consumer the largest
difference from the engine, absolute and over the largest output; null where the exporter refuses.
"""

import json
import os
import pathlib
import subprocess
import tempfile

import numpy
import torch

from consumers import difference, floats, rounded, run_onnx, run_script, run_source

here = pathlib.Path(__file__).parent
# They lay their windows at random in evaluation too, so that Python's cannot be the engine's.
random = ("FractionalMaxPool2d", "FractionalMaxPool3d")


def figures(folder, facts):
    inputs = [floats(folder / "input", facts["input"])]
    expected = floats(folder / "output", facts["output"])
    runs = {
        "onnxruntime": lambda: run_onnx(folder / "model.onnx", inputs),
        "source": lambda: run_source(folder, "model", inputs, facts["isWhole"]),
        "torchscript": lambda: run_script(folder / "model.pt", inputs),
    }
    is_random = facts["name"].startswith(random)
    refused = {**facts["refused"], "source": is_random}
    return {
        "name": facts["name"],
        "written": facts["written"],
        "largest": float(f"{numpy.abs(expected).max():.3g}"),
        "differences": {
            key: None if refused[key] else rounded(difference(expected, run())) for key, run in runs.items()
        },
    }


if __name__ == "__main__":
    node = os.environ.get("NODE", "node")
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        command = [node, str(here / "write-layer-exports.ts"), name]
        cases = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        made = [figures(pathlib.Path(name) / str(index), facts) for index, facts in enumerate(cases)]
    lines = ",\n".join(json.dumps(each) for each in made)
    (here / "layer-exports.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
