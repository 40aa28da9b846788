"""The paper's procedure written plainly: one window, one structure and one backward pass at a time.

Written from its description, as a baseline: full gradients through an unfolded network, maps
enlarged by repeating pixels and scaled to 0..1, a principal component from a singular value
decomposition, its sign from L8, scaling where L8 is above zero, smoothing, and a threshold per
window.
"""

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter
from torch import Tensor
from torch.nn.functional import interpolate

from inference.micranet.network import MicraNet
from inference.micranet.thresholds import otsu

PASSES = 5  # the authors' code fits the component five times per window and structure
SIGMA = 1.0  # of the smoothing in px; 1 to 10, depending on the data set

Floats = npt.NDArray[np.float32]


def plain_masks(network: MicraNet, windows: Tensor) -> list[npt.NDArray[np.bool_]]:
    """Masks (S, H, W), window after window."""
    count = network.linear.out_features
    return [
        np.stack([_mask(network, window[None], structure) for structure in range(count)])
        for window in windows
    ]


def _mask(network: MicraNet, window: Tensor, structure: int) -> npt.NDArray[np.bool_]:
    maps = _local_maps(network, window, structure)
    coarse = maps.pop().clip(min=0)
    flat = np.stack([_scaled(local).ravel() for local in maps], axis=1)
    for _ in range(PASSES):
        fine = _component(flat).reshape(coarse.shape)
    fine = fine if (fine * coarse).sum() >= 0 else -fine
    smooth = gaussian_filter(_scaled_inside(fine, coarse > 0), SIGMA)
    return np.asarray(smooth >= otsu(smooth))


def _local_maps(network: MicraNet, window: Tensor, structure: int) -> list[Floats]:
    activations = list(network.activations(window.clone().requires_grad_()))
    for activation in activations:
        activation.retain_grad()
    network.zero_grad()
    network.head(activations[-1])[0, structure].backward()  # type: ignore[no-untyped-call]
    maps = []
    for activation in activations:
        assert activation.grad is not None
        alpha = activation.grad.mean(dim=(2, 3), keepdim=True)
        local = (alpha * activation.detach()).sum(dim=1, keepdim=True)
        maps.append(interpolate(local, size=window.shape[-2:])[0, 0].cpu().numpy())
    return maps


def _scaled(local: Floats) -> Floats:
    span = float(np.ptp(local))
    return (local - local.min()) / span if span else np.zeros_like(local)


def _scaled_inside(fine: Floats, inside: npt.NDArray[np.bool_]) -> Floats:
    if not inside.any() or np.ptp(fine[inside]) == 0:
        return np.zeros_like(fine)
    low, high = fine[inside].min(), fine[inside].max()
    return np.asarray(((fine - low) / (high - low)).clip(0, 1), dtype=np.float32)


def _component(flat: Floats) -> Floats:
    centred = flat - flat.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return np.asarray(centred @ axes[0], dtype=np.float32)
