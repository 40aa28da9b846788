"""The guided filter: around every pixel a map becomes a linear function of the image's channels.

What sees far marks a halo around a structure. The image shows no halo, so no linear function of its
channels within a window draws one, and the edges of the image come back (K. He, J. Sun, X. Tang,
IEEE TPAMI 35, 1397-1409, 2013, with a colour image as the guide):

    a = (cov(I, I) + eps)^-1 cov(I, p)    b = mean(p) - a . mean(I)    in the window of each pixel
    q = mean(a) . I + mean(b)             over all windows that hold the pixel
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

Floats = npt.NDArray[np.float32]
_SLACK = 0.1  # eps: variance of standardised channels that counts as flat
MOST_GUIDES = 4  # sixteen channels would cost seventeen times as much as three
_AT_ONCE = 1 << 24  # values of covariances in memory


def guided(guide: Tensor, maps: Tensor, side: int) -> Tensor:
    """Maps redrawn by a guide.

    Args:
        guide: float (N, C, H, W), channels of about unit variance.
        maps: float (N, H, W). side: of the window in px, odd; at rims it is what lies inside.

    Returns:
        (N, H, W).
    """
    value = maps[:, None]
    mean, mean_value = _mean(guide, side), _mean(value, side)
    with_value = _mean(guide * value, side) - mean * mean_value
    slope = _solved(_covariance(guide, mean, side), with_value)
    offset = mean_value - (slope * mean).sum(dim=1, keepdim=True)
    return (_mean(slope, side) * guide).sum(dim=1) + _mean(offset, side)[:, 0]


def _covariance(guide: Tensor, mean: Tensor, side: int) -> Tensor:
    """Of the channels in each window, with the slack: (N, C, C, H, W)."""
    count = guide.shape[1]
    products = _mean((guide[:, :, None] * guide[:, None]).flatten(1, 2), side)
    spread = products.view(len(guide), count, count, *guide.shape[2:])
    slack: Tensor = _SLACK * torch.eye(count, dtype=guide.dtype)
    found: Tensor = spread - mean[:, :, None] * mean[:, None] + slack[:, :, None, None]
    return found


def _solved(matrices: Tensor, right: Tensor) -> Tensor:
    """Solutions (N, C, H, W) of a system at each pixel: (N, C, C, H, W) and (N, C, H, W)."""
    found: Tensor = torch.linalg.solve(matrices.permute(0, 3, 4, 1, 2), right.permute(0, 2, 3, 1))
    return found.permute(0, 3, 1, 2)


def _mean(x: Tensor, side: int) -> Tensor:
    """Mean of the window of each pixel, as far as it lies inside."""
    half = side // 2
    rows = avg_pool2d(x, (side, 1), 1, (half, 0), count_include_pad=False)
    found: Tensor = avg_pool2d(rows, (1, side), 1, (0, half), count_include_pad=False)
    return found


def guides(
    patches: npt.NDArray[np.floating], direction: npt.NDArray[np.floating]
) -> npt.NDArray[np.floating]:
    """The channels that guide, of more than four those that tell most of the structure.

    Args:
        patches: (N, C, P, P). direction: (C,), the channels' weights in Fisher's discriminant; by
            their spread they are made comparable.

    Returns:
        (N, at most 4, P, P).
    """
    if patches.shape[1] <= MOST_GUIDES:
        return patches
    told = np.abs(direction) * patches.std(axis=(0, 2, 3), dtype=np.float32)
    return patches[:, np.sort(np.argsort(-told)[:MOST_GUIDES])]


def redrawn(
    patches: npt.NDArray[np.floating], maps: Floats, sides: Sequence[int]
) -> npt.NDArray[np.float32]:
    """Maps of patches redrawn by their patches, a few at a time.

    Args:
        patches: (N, C, P, P), in any unit: each channel counts by its spread over all patches.
        maps: float32 (N, K, P, P). sides: odd, a window in px for each of the K maps.

    Returns:
        float32 (N, K, P, P).
    """
    found = np.empty_like(maps)
    if not len(maps):
        return found
    guide = _standardised(patches)
    step = max(1, _AT_ONCE // (guide.shape[1] ** 2 * maps[0, 0].size))
    for start in range(0, len(maps), step):
        part = torch.from_numpy(guide[start : start + step])
        for number, side in enumerate(sides):
            given = torch.from_numpy(maps[start : start + step, number])
            found[start : start + step, number] = guided(part, given, side).numpy()
    return found


def _standardised(patches: npt.NDArray[np.floating]) -> Floats:
    """Mean 0 and standard deviation 1 per channel over all patches; a constant one becomes 0."""
    values = patches.astype(np.float32)
    mean = values.mean(axis=(0, 2, 3), keepdims=True)
    spread = values.std(axis=(0, 2, 3), keepdims=True)
    return np.asarray((values - mean) / np.maximum(spread, 1e-6), dtype=np.float32)
