"""From raw pixels to what the network sees."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference.micranet.config import DOWNSCALES
from inference.micranet.errors import DataRefused

Limits = Sequence[tuple[float, float]]
Planes = npt.NDArray[np.generic]
Floats = npt.NDArray[np.float32]

_CLIP = (-1.0, 3.0)  # a hot pixel far above the contrast limits must not rule a patch


def normalise(planes: Planes, limits: Limits) -> Floats:
    """Scale each channel so that its contrast limits become 0 and 1.

    Args:
        planes: (C, H, W), any real dtype. NaN counts as the lower limit, infinities as the clip
            bounds.
        limits: one (low, high) per channel, low < high, in raw values.

    Returns:
        float32 (C, H, W) in [-1, 3]; values outside the limits are kept up to there.
    """
    if planes.ndim != 3 or len(limits) != planes.shape[0]:
        raise DataRefused(
            f"Planes of shape (C, H, W) and one pair of contrast limits per channel are needed, "
            f"not shape {planes.shape} with {len(limits)} pairs."
        )
    low = np.array([pair[0] for pair in limits], dtype=np.float32)[:, None, None]
    high = np.array([pair[1] for pair in limits], dtype=np.float32)[:, None, None]
    if not np.all(high > low):
        raise DataRefused("Each channel's upper contrast limit must be above its lower one.")
    scaled = (planes.astype(np.float32) - low) / (high - low)
    scaled = np.nan_to_num(scaled, nan=0.0, posinf=_CLIP[1], neginf=_CLIP[0])
    return np.asarray(np.clip(scaled, *_CLIP), dtype=np.float32)


def downscale(planes: Floats, factor: int) -> Floats:
    """Shrink (C, H, W) by an integer factor through block means; sides are padded by their edge
    first.

    Returns float32 (C, ceil(H / factor), ceil(W / factor)).
    """
    if factor not in DOWNSCALES:
        raise DataRefused(f"The image can be shrunk by 1, 2 or 4, not by {factor}.")
    if factor == 1:
        return planes
    c, h, w = planes.shape
    padded = np.pad(planes, ((0, 0), (0, -h % factor), (0, -w % factor)), mode="edge")
    blocks = padded.reshape(c, padded.shape[1] // factor, factor, -1, factor)
    return np.asarray(blocks.mean(axis=(2, 4)), dtype=np.float32)


def prepare(planes: Planes, limits: Limits, factor: int = 1) -> Floats:
    """Normalise, then shrink: raw (C, H, W) to the float32 planes that the network sees."""
    return downscale(normalise(planes, limits), factor)


def pad_to(planes: Floats, height: int, width: int) -> Floats:
    """Grow (C, h, w) to (C, height, width) at the bottom and right by reflection, by the edge where
    too thin."""
    missing = (height - planes.shape[1], width - planes.shape[2])
    for axis, count in enumerate(missing, start=1):
        if count > 0:
            pads = [(0, 0)] * 3
            pads[axis] = (0, count)
            mode = "reflect" if count < planes.shape[axis] else "edge"
            planes = np.pad(planes, pads, mode=mode)  # type: ignore[call-overload]
    return planes
