"""What the refiner learns from: a mask for every answered patch, made without any mask.

A "no" patch is exact: none of its pixels belongs to the structure. In a "yes" patch the paper's
fine map says where the structure is but not where it ends, while the intensity knows the edge but
not the structure. So

    field = a z(d . x) + (1 - a) z(fine map)        mask = field >= Otsu(field), per patch

where x are the channels of a pixel, z is the standard score within the patch, and d is Fisher's
discriminant between the pixels above and below Otsu's threshold of the fine maps of all "yes"
patches.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.micranet.thresholds import otsu_each

Floats = npt.NDArray[np.float32]
INTENSITY_SHARE = 0.7
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, mean (C,) and covariance (C, C) of pixels."""

    count: int
    mean: npt.NDArray[np.float64]
    covariance: npt.NDArray[np.float64]


def moments(pixels: npt.NDArray[np.floating]) -> Moments:
    """Moments of pixels (C, n)."""
    values = pixels.astype(np.float64)
    if values.shape[1] < 2:
        channels = values.shape[0]
        return Moments(values.shape[1], np.zeros(channels), np.zeros((channels, channels)))
    return Moments(values.shape[1], values.mean(axis=1), np.atleast_2d(np.cov(values)))


def discriminant(inside: Moments, outside: Moments) -> Floats:
    """Fisher's direction (C,): the channels' weights that part inside from outside best, of unit
    length."""
    within = (inside.covariance * inside.count + outside.covariance * outside.count) / max(
        inside.count + outside.count, 1
    )
    ridge = 1e-3 * max(float(np.trace(within)) / len(within), 1e-6)
    direction = np.linalg.solve(within + ridge * np.eye(len(within)), inside.mean - outside.mean)
    length = float(np.linalg.norm(direction))
    return (direction / length if length > 0 else direction).astype(np.float32)


def standard_score(maps: Floats) -> Floats:
    """Mean 0 and standard deviation 1 per map (N, H, W); constant maps become 0."""
    mean = maps.mean(axis=(1, 2), keepdims=True)
    spread = maps.std(axis=(1, 2), keepdims=True)
    return np.asarray((maps - mean) / np.maximum(spread, 1e-6), dtype=np.float32)


def masks_of_yes(
    patches: npt.NDArray[np.floating], fine: Floats, share: float = INTENSITY_SHARE
) -> npt.NDArray[np.bool_]:
    """Masks of the "yes" patches of one structure.

    Args:
        patches: (N, C, P, P) normalised. fine: their fine maps (N, P, P) in 0..1.
        share: weight a of the intensity against the fine map.

    Returns:
        bool (N, P, P).
    """
    direction = _direction(patches, otsu_each(fine))
    masks = np.zeros(fine.shape, dtype=bool)
    for start in range(0, len(fine), _CHUNK):
        part = slice(start, start + _CHUNK)
        intensity = np.einsum("c,ncyx->nyx", direction, patches[part].astype(np.float32))
        field = share * standard_score(intensity) + (1 - share) * standard_score(fine[part])
        masks[part] = otsu_each(field)
    return masks


def _direction(
    patches: npt.NDArray[np.floating], rough: npt.NDArray[np.bool_], limit: int = 400
) -> Floats:
    """From at most ``limit`` patches, evenly taken: more would not turn the direction."""
    chosen = np.unique(np.linspace(0, len(patches) - 1, min(limit, len(patches))).astype(int))
    pixels = patches[chosen].transpose(1, 0, 2, 3).reshape(patches.shape[1], -1)
    inside = rough[chosen].ravel()
    return discriminant(moments(pixels[:, inside]), moments(pixels[:, ~inside]))
