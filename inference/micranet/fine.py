"""The fine map from local maps at their own resolutions: the same as ``combine`` of enlarged maps.

A map that is enlarged by repeating pixels has the covariances of block means, scaling to 0..1 is
affine, and the last scaling removes what is constant. So with spans s_l, centred maps C_l and the
top eigenvector v of cov(C_i / s_i, C_j / s_j), the fine map is

    stretch(up(... up(v_7/s_7 C_7 + ...) ...) + v_2/s_2 C_2 + v_1/s_1 C_1)

and only L1 and L2 are ever touched at full resolution.
"""

from itertools import groupby

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from inference.micranet import native
from inference.micranet.combine import TINY
from inference.micranet.config import Combiner
from inference.micranet.native.fine import fused_fine_map


def fine_map(
    maps: dict[int, Tensor], coarse: Tensor, combiner: Combiner = "pca", *, kernels: bool = True
) -> Tensor:
    """The paper's fine map by principal component or sum.

    Args:
        maps: raw local maps by layer (B, S, H / r, W / r) from ``LocalMapper``.
        coarse: L8 (B, S, H / 8, W / 8), not smaller on either side than 1/8 of the finest map.
        kernels: whether the one in C may be used where it fits.

    Returns:
        (B, S, H, W) of the finest map, in 0..1; 0 where L8 is 0 all over the window.
    """
    if kernels and native.takes(coarse):
        return fused_fine_map(maps, coarse, pca=combiner == "pca")
    levels = _levels(maps)
    scales = torch.cat([_scale(level) for level in levels], dim=2)
    levels = [level - level.mean(dim=(-2, -1), keepdim=True) for level in levels]
    weights = scales
    if combiner == "pca":
        covariance, means = _covariance(levels, tuple(coarse.shape[-2:]))
        weights = scales * _component(covariance * scales[..., None] * scales[..., None, :])
        agreement = torch.einsum("bsl,bslyx,bsyx->bs", weights, means, coarse)
        weights = torch.where(agreement[..., None] < 0, -weights, weights)
    return _stretched(_projected(levels, weights), coarse)


def _levels(maps: dict[int, Tensor]) -> list[Tensor]:
    """Maps of one resolution together, finest first: (B, S, layers, h, w)."""
    ordered = [maps[layer] for layer in sorted(maps)]
    groups = groupby(ordered, key=lambda local: local.shape[-1])
    return [torch.stack(list(group), dim=2) for _, group in groups]


def _scale(level: Tensor) -> Tensor:
    """1 / (largest - smallest) of each map, 0 for a constant one: (B, S, layers)."""
    flat = level.flatten(-2)
    low, high = flat.amin(dim=-1), flat.amax(dim=-1)  # aminmax is many times slower
    span = high - low
    return torch.where(_usable(span, high), 1 / span, 0)


def _usable(span: Tensor, high: Tensor) -> Tensor:
    usable: Tensor = torch.isfinite(span) & (span > TINY * high.abs().clamp_min(TINY))
    return usable


def _covariance(levels: list[Tensor], smallest: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Covariance (B, S, L, L) of centred maps as if enlarged, and their block means on the grid of
    ``smallest``."""
    count = sum(level.shape[2] for level in levels)
    covariance = levels[0].new_zeros(*levels[0].shape[:2], count, count)
    pyramid = levels[0][:, :, :0]
    for level in levels:
        pyramid = torch.cat([_shrunk(pyramid, level.shape[-2:]), level], dim=2)
        every, new = pyramid.flatten(-2), level.flatten(-2)
        found = new @ every.mT / new.shape[-1]
        start, end = pyramid.shape[2] - level.shape[2], pyramid.shape[2]
        covariance[..., start:end, :end] = found
        covariance[..., :end, start:end] = found.mT
    return covariance, _shrunk(pyramid, smallest)


def _shrunk(level: Tensor, size: tuple[int, ...]) -> Tensor:
    """Means of blocks whose side is a power of 2: (..., h, w) to (..., *size)."""
    while level.shape[-1] > size[-1]:
        rows = level[..., ::2, :] + level[..., 1::2, :]
        level = (rows[..., ::2] + rows[..., 1::2]) / 4
    return level


def _component(covariance: Tensor) -> Tensor:
    """Top eigenvector (B, S, L)."""
    _, vectors = torch.linalg.eigh(covariance.double())
    top: Tensor = vectors[..., -1].to(covariance.dtype)
    return top


def _projected(levels: list[Tensor], weights: Tensor) -> Tensor:
    """Weighted sum of all maps, each enlarged by repeating pixels."""
    parts = torch.split(weights, [level.shape[2] for level in levels], dim=2)
    total = None
    for level, weight in zip(reversed(levels), reversed(parts), strict=True):
        here = (level * weight[..., None, None]).sum(dim=2)
        total = here if total is None else here + interpolate(total, size=here.shape[-2:])
    assert total is not None
    return total


def _stretched(fine: Tensor, coarse: Tensor) -> Tensor:
    """To 0..1 over the blocks where the coarse map is above 0."""
    inside = coarse > 0
    factor = fine.shape[-1] // coarse.shape[-1]
    grid = coarse.shape
    rows = fine.reshape(*grid[:3], factor, fine.shape[-1])
    high = rows.amax(dim=-2).reshape(*grid, factor).amax(dim=-1)
    low = rows.amin(dim=-2).reshape(*grid, factor).amin(dim=-1)
    high = torch.where(inside, high, -torch.inf).amax(dim=(-2, -1))
    low = torch.where(inside, low, torch.inf).amin(dim=(-2, -1))
    usable = _usable(high - low, high)
    slope = torch.where(usable, 1 / (high - low), 0)[..., None, None]
    start = torch.where(usable, -low / (high - low), 0)[..., None, None]
    return torch.addcmul(start, fine, slope).clamp_(0, 1)
