"""MICRA-Net's local maps written as plainly as the paper: one window, one layer, one structure at a
time."""

import torch
from torch import Tensor

from inference.micranet.network import MicraNet


def naive_maps(network: MicraNet, window: Tensor, structure: int) -> list[Tensor]:
    """L1 … L8 of one window (1, C, H, W), through the unfolded network; each (h, w)."""
    maps = []
    for layer in range(8):
        activations = list(network.activations(window.clone().requires_grad_()))
        logit = network.head(activations[-1])[0, structure]
        gradient = torch.autograd.grad(logit, activations[layer])[0][0]
        alpha = gradient.mean(dim=(1, 2))
        local = (alpha[:, None, None] * activations[layer][0]).sum(dim=0)
        maps.append((local.relu() if layer == 7 else local).detach())
    return maps


def trained_looking(network: MicraNet, seed: int = 0) -> MicraNet:
    """Random weights and batch statistics, as different from a fresh network as training makes
    them."""
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in network.state_dict().items():
        if name.endswith("running_var"):
            tensor.copy_(torch.rand(tensor.shape, generator=generator) + 0.5)
        elif tensor.is_floating_point():
            noise = torch.randn(tensor.shape, generator=generator, dtype=tensor.dtype)
            tensor.add_(0.1 * noise)
    return network.eval()
