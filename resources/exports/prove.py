"""Runs the Python source of an export on samples: Torchwright compares what it gives with its own engine.

    python prove.py REQUEST.json

The request names the module, the file of its weights, files of float32 inputs with their shapes, keys of modules whose
outputs are wanted, and the file that outputs are written to; on stdout come their keys and shapes.
"""

import importlib
import json
import sys

import torch


def read_weights(file):
    if file.endswith(".pt"):
        return torch.load(file, weights_only=True)
    from safetensors.torch import load_file

    return load_file(file)


def read_tensor(entry):
    with open(entry["file"], "rb") as file:
        data = bytearray(file.read())
    tensor = torch.frombuffer(data, dtype=torch.float32).reshape(entry["shape"])
    # nn.Embedding takes whole numbers and nothing else.
    return tensor.long() if entry["whole"] else tensor


def tensors_of(output):
    return list(output) if isinstance(output, (tuple, list)) else [output]


def main():
    torch.set_num_threads(2)
    with open(sys.argv[1]) as file:
        request = json.load(file)
    sys.path.insert(0, request["folder"])
    sys.dont_write_bytecode = True
    network = importlib.import_module(request["module"]).Network().eval()
    network.load_state_dict(read_weights(request["weights"]))
    made = []

    def keep(key):
        return lambda module, inputs, output: made.append((key, tensors_of(output)))

    wanted = set(request["keys"])
    for key, module in network.named_modules():
        if key in wanted:
            module.register_forward_hook(keep(key))
    with torch.no_grad():
        outputs = tensors_of(network(*[read_tensor(entry) for entry in request["inputs"]]))
    made.append((None, outputs))
    with open(request["out"], "wb") as file:
        for _, tensors in made:
            for tensor in tensors:
                file.write(bytes(tensor.float().contiguous().flatten().view(torch.uint8).tolist()))
    shapes = [[key, [list(tensor.shape) for tensor in tensors]] for key, tensors in made]
    print(json.dumps({"torch": torch.__version__, "made": shapes}))


main()
