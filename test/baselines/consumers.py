"""Programs that read what Torchwright exports."""

import importlib.util

import numpy
import onnxruntime
import torch
from safetensors.torch import load_file


def difference(expected, actual):
    """Largest |a - b|, and over the largest |a|."""
    assert expected.shape == actual.shape, f"{expected.shape} is no {actual.shape}"
    absolute = float(numpy.abs(expected.astype(numpy.float64) - actual).max())
    return [absolute, absolute and absolute / float(numpy.abs(expected).max())]


def floats(path, shape):
    return numpy.fromfile(path, numpy.float32).reshape(shape)


def rounded(pair):
    return [float(f"{value:.1e}") for value in pair]


def run_onnx(path, inputs):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, dict(zip([given.name for given in session.get_inputs()], inputs)))[0]


def run_script(path, inputs):
    with torch.no_grad():
        return torch.jit.load(path)(*map(torch.from_numpy, inputs)).numpy()


def run_source(folder, stem, inputs, is_whole=False):
    """The Python source with its safetensors. nn.Embedding takes whole numbers and nothing else."""
    specification = importlib.util.spec_from_file_location(stem, folder / f"{stem}.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    network = module.Network().eval()
    network.load_state_dict(load_file(folder / f"{stem}.safetensors"))
    tensors = [torch.from_numpy(each) for each in inputs]
    with torch.no_grad():
        # The number of a class has no dimensions.
        return network(*[each.long() if is_whole or each.dim() == 1 else each for each in tensors]).numpy()
