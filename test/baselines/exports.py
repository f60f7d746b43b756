"""Writes exports.json and docs/exports.md: what other programs make of every recipe that was exported.

    python test/baselines/exports.py [RECIPE …]

Wants torch, numpy, safetensors and onnxruntime. Runs `node test/baselines/write-exports.ts` (NODE names another node),
which trains each recipe for some steps and exports it as ONNX, TorchScript and Python source with safetensors; then ONNX
Runtime and PyTorch run them on a hundred test samples. With names only these are made anew.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnxruntime
import torch

from consumers import difference, floats, rounded, run_onnx, run_script, run_source

here = pathlib.Path(__file__).parent
root = here.parent.parent
file = here / "exports.json"
table = root / "docs" / "exports.md"


def figures(folder, recipe, facts):
    stem = facts["stem"]
    inputs = [floats(folder / f"{stem}.input{index}", each["shape"]) for index, each in enumerate(facts["inputs"])]
    expected = floats(folder / f"{stem}.output", facts["output"])
    differences = {
        "onnxruntime": difference(expected, run_onnx(folder / f"{stem}.onnx", inputs)),
        "onnxruntimeWeb": [facts["onnxRuntimeWeb"][kind] for kind in ("absolute", "relative")],
        "source": difference(expected, run_source(folder, stem, inputs)),
        "torchscript": difference(expected, run_script(folder / f"{stem}.pt", inputs)),
        "libtorch": [facts["libtorch"][kind] for kind in ("absolute", "relative")],
    }
    return {
        "recipe": recipe,
        "network": facts["network"],
        "written": facts["written"],
        "samples": facts["output"][0],
        "largest": float(numpy.abs(expected).max()),
        "differences": {key: rounded(pair) for key, pair in differences.items()},
    }


def exported(recipe):
    node = os.environ.get("NODE", "node")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        command = [node, str(here / "write-exports.ts"), recipe, name]
        written = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        return written["versions"], [figures(folder, recipe, facts) for facts in written["networks"]]


def consumers(versions):
    return [
        {"key": "onnxruntime", "name": f"ONNX Runtime {onnxruntime.__version__} (Python)"},
        {"key": "onnxruntimeWeb", "name": f"{versions['onnxRuntimeWeb']} (WebAssembly)"},
        {"key": "source", "name": f"PyTorch {torch.__version__.split('+')[0]}: Python source and safetensors"},
        {"key": "torchscript", "name": f"PyTorch {torch.__version__.split('+')[0]}: torch.jit.load"},
        {"key": "libtorch", "name": f"libtorch {versions['libtorch']}: torch::jit::load"},
    ]


def write_table(asked, networks):
    heads = ["recipe", "largest output", *[each["name"] for each in asked]]
    rows = []
    for each in networks:
        of = "" if each["recipe"] not in ("mnist-gan", "mnist-cgan") else (
            ", generator" if each["network"] == "main" else ", discriminator"
        )
        cells = [f"{each['differences'][consumer['key']][0]:.1e}" for consumer in asked]
        rows.append([f"`{each['recipe']}`{of}", f"{each['largest']:.3g}", *cells])
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    line = lambda cells: "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths)) + " |"
    text = f"""# What exports compute

Every recipe was trained for five steps on its own data, so that weights and running statistics are not those of the
beginning, exported, and run by other programs on the first {networks[0]['samples']} test samples (of generators: on noise). The figures are
the largest absolute difference from what Torchwright's engine makes of the same samples, in float32, over all samples
and outputs; beside them the largest output. Made by `npm run baselines -- exports`, which also writes
`test/baselines/exports.json`; `npm test` fails where a recipe is missing, differs by 1e-4, or is written differently since.

{line(heads)}
{line(["-" * width for width in widths])}
"""
    table.write_text(text + "\n".join(line(row) for row in rows) + "\n", encoding="utf-8")


def save(asked, networks):
    """After each recipe: all of them take a while."""
    # Networks of one recipe stay as they came: the generator first.
    networks = sorted(networks, key=lambda each: each["recipe"])
    lines = ",\n".join(json.dumps(each) for each in networks)
    file.write_text(f'{{ "consumers": {json.dumps(asked)}, "networks": [\n{lines}\n]}}\n', encoding="utf-8")
    write_table(asked, networks)


if __name__ == "__main__":
    torch.set_num_threads(2)
    recipes = sorted(path.stem for path in (root / "resources" / "recipes").glob("*.json"))
    known = json.loads(file.read_text())["networks"] if file.exists() else []
    networks = [each for each in known if each["recipe"] in recipes]
    for recipe in sys.argv[1:] or recipes:
        versions, made = exported(recipe)
        networks = [each for each in networks if each["recipe"] != recipe] + made
        save(consumers(versions), networks)
        for each in made:
            print(recipe, each["network"], each["differences"], file=sys.stderr, flush=True)
