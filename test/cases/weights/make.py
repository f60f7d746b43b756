"""Writes checkpoints as other programs leave them, all with the weights of plain.pt; plain.json lists their values.

    python test/cases/weights/make.py

Wants torch, numpy and safetensors. dataparallel, lightning, script and tutorial-checkpoint were made by training
scripts that followed PyTorch's and Lightning's tutorials.
"""

import argparse
import json
import pathlib

import numpy
import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
plain = torch.load(here / "plain.pt", weights_only=True)


def named(prefix, state=plain):
    return {f"{prefix}{name}": value for name, value in state.items()}


def shards():
    names = list(plain)
    files = {"sharded-00001-of-00002.safetensors": names[:4], "sharded-00002-of-00002.safetensors": names[4:]}
    for file, part in files.items():
        save_file({name: plain[name] for name in part}, here / file)
    places = {name: file for file, part in files.items() for name in part}
    index = {"metadata": {"total_size": 1}, "weight_map": places}
    (here / "sharded.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")


if __name__ == "__main__":
    values = {name: [list(value.shape), value.flatten().tolist()] for name, value in plain.items()}
    (here / "plain.json").write_text(json.dumps(values) + "\n")
    torch.save(named("_orig_mod.module."), here / "compiled.pt")
    torch.save({"state_dict": named("backbone."), "epoch": 3}, here / "backbone.pth")
    torch.save({"state": {"deep": {"model": plain}}, "lr": 0.1}, here / "protocol-4.pt", pickle_protocol=4)
    ema = {name: value + 1 for name, value in plain.items()}
    torch.save({"model": plain, "ema": named("module.", ema), "loss": torch.tensor(0.5)}, here / "two.pt")
    beside = {
        "hyper_parameters": argparse.Namespace(width=8, rate=numpy.float64(0.1), data=pathlib.PurePosixPath("/data")),
        "dtype": torch.float16,
        "sizes": torch.Size([2, 3]),
    }
    torch.save({"state_dict": named("net."), **beside}, here / "objects.ckpt")
    torch.save({**plain, "4.bias": torch.tensor([0.25]).expand(2)}, here / "expanded.pt")
    torch.save({**plain, "1.weight": plain["1.weight"] * torch.nan}, here / "nan.pt")
    shards()
