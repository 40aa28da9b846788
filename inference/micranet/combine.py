"""From local maps to one fine map: first principal component, sum or product."""

import torch
from torch import Tensor

from inference.micranet.config import Combiner
from inference.micranet.errors import DataRefused

TINY = 1e-12


def stretch(maps: Tensor, where: Tensor | None = None) -> Tensor:
    """Min-max over the last two axes to 0..1; a constant map becomes 0.

    With ``where`` (bool, same shape) the extremes are taken there only, and values outside are
    clipped; where it is nowhere true the map becomes 0.
    """
    inside = torch.ones_like(maps, dtype=torch.bool) if where is None else where
    low = torch.where(inside, maps, torch.inf).amin(dim=(-2, -1), keepdim=True)
    high = torch.where(inside, maps, -torch.inf).amax(dim=(-2, -1), keepdim=True)
    span = high - low
    usable = torch.isfinite(span) & (span > TINY * high.abs().clamp_min(TINY))
    scaled = (maps - torch.where(usable, low, 0)) / torch.where(usable, span, 1)
    return torch.where(usable, scaled, 0).clamp(0, 1)


def principal_component(maps: Tensor, coarse: Tensor) -> Tensor:
    """Projection on the first principal component of the layers over all pixels of a window.

    The component is the top eigenvector of the layers' covariance. Its sign is fixed so that the
    mean weighted by the coarse map is positive.

    Args:
        maps: (B, S, L, H, W). coarse: (B, S, H, W), not negative.

    Returns:
        (B, S, H, W), of mean zero.
    """
    b, s, n, h, w = maps.shape
    values = maps.reshape(b, s, n, h * w)
    centred = values - values.mean(dim=-1, keepdim=True)
    covariance = centred @ centred.transpose(-1, -2) / max(h * w - 1, 1)
    _, vectors = torch.linalg.eigh(covariance.double())
    top = vectors[..., -1].to(maps.dtype)
    projected = torch.einsum("bsl,bslp->bsp", top, centred).reshape(b, s, h, w)
    agreement = (projected * coarse).sum(dim=(-2, -1), keepdim=True)
    return torch.where(agreement < 0, -projected, projected)


def combine(maps: Tensor, coarse: Tensor, combiner: Combiner = "pca") -> Tensor:
    """The paper's fine map of each window.

    Local maps are scaled to 0..1 each, combined, and scaled again over the pixels where the coarse
    map is above zero.

    Args:
        maps: raw local maps (B, S, L, H, W), from ``maps.enlarge``. coarse: L8 of the same size (B,
            S, H, W).

    Returns:
        (B, S, H, W) in 0..1; 0 everywhere in windows without coarse map.
    """
    scaled = stretch(maps)
    if combiner == "pca":
        fine = principal_component(scaled, coarse)
    elif combiner == "sum":
        fine = scaled.sum(dim=2)
    elif combiner == "product":
        fine = scaled.prod(dim=2)
    else:
        raise DataRefused(f"Unknown combiner {combiner!r}: choose pca, sum or product.")
    return stretch(fine, coarse > 0)
