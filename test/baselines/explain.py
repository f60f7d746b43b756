"""What a network looked at, by plain PyTorch: explain.json beside this file. `python3 explain.py`.

For the first test image each: the gradient of the score of the class the network says most for, with respect to the
image (Simonyan et al. 2013, arXiv 1312.6034), and Grad-CAM at every convolution (Selvaraju et al. 2017, arXiv
1610.02391, equations 1 and 2): ReLU of the channels' sum, each weighed by its gradient's mean over the places.
Networks and data are those of recipes.py; weights by formula, evaluation mode.
"""

import torch
from torch import nn

import baseline
from recipes import RECIPES

NAMES = ("mnist-conv", "lesson-resnet", "mnist-lstm")


def explained(name):
    build, data, _, _, _, _ = RECIPES[name]
    images, _ = data["read"](1)
    network = build().eval()
    fills = baseline.lively(network)
    baseline.fill(network, fills)
    made = []
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(lambda _, __, output: made.append(output))
    image = data["normalise"](torch.from_numpy(images).double()).float().requires_grad_()
    output = network(image)
    target = output.argmax().item()
    saliency, *gradients = torch.autograd.grad(output[0, target], [image, *made])
    cams = [
        torch.relu((activation * gradient.mean((2, 3), keepdim=True)).sum(1))[0]
        for activation, gradient in zip(made, gradients)
    ]
    return {
        "recipe": name,
        "source": data["source"],
        "target": target,
        "fills": fills,
        "outputs": output[0].tolist(),
        "saliency": baseline.elements(saliency, 100),
        "cams": [{"shape": list(cam.shape), **baseline.elements(cam, 40)} for cam in cams],
    }


if __name__ == "__main__":
    baseline.write("explain.json", {"cases": [explained(name) for name in NAMES]})
