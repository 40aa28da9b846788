"""Fisher's linear discriminant between the pixels inside and outside of rough masks."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_PATCHES = 400  # more would not turn the direction


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


def direction_of(patches: npt.NDArray[np.floating], rough: npt.NDArray[np.bool_]) -> Floats:
    """Fisher's direction (C,) of patches (N, C, P, P) with rough masks (N, P, P), from at most 400
    patches evenly taken."""
    count = min(_PATCHES, len(patches))
    chosen = np.unique(np.linspace(0, len(patches) - 1, count).astype(int))
    pixels = patches[chosen].transpose(1, 0, 2, 3).reshape(patches.shape[1], -1)
    inside = rough[chosen].ravel()
    return discriminant(moments(pixels[:, inside]), moments(pixels[:, ~inside]))
