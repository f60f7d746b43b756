"""Writes weights/: files of weights as Python PyTorch and safetensors save them, and what they hold.

    python test/baselines/weights.py
"""

import json
import pathlib

import torch
from safetensors.torch import save_file

torch.manual_seed(0)
folder = pathlib.Path(__file__).parent / "weights"
folder.mkdir(exist_ok=True)
network = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 2), torch.nn.BatchNorm2d(3))
state = network.state_dict()
tensors = {name: tensor.clone() for name, tensor in state.items()}
save_file(tensors, folder / "weights.safetensors")
network.to(memory_format=torch.channels_last)
torch.save(network.state_dict(), folder / "channels-last.pt")
optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
network(torch.ones(2, 2, 4, 4)).sum().backward()
optimizer.step()
checkpoint = {"epoch": 3, "loss": 0.5, "state_dict": tensors, "optimizer": optimizer.state_dict()}
torch.save(checkpoint, folder / "checkpoint.pt")
written = {name: {"shape": list(t.shape), "values": t.flatten().tolist()} for name, t in tensors.items()}
(folder / "weights.json").write_text(json.dumps(written))
