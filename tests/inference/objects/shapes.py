"""Masks whose objects are known."""

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]


def discs(shape: tuple[int, int], *circles: tuple[float, float, float]) -> npt.NDArray[np.bool_]:
    """Discs (y, x, radius), all in one mask."""
    y, x = np.indices(shape)
    inside = [np.hypot(y - cy, x - cx) <= radius for cy, cx, radius in circles]
    return np.asarray(np.any(inside, axis=0), dtype=bool)


def ellipse(shape: tuple[int, int], half: tuple[float, float], degrees: float) -> Mask:
    """A filled ellipse around the middle; ``half`` are its half axes."""
    y, x = np.indices(shape) - (np.array(shape)[:, None, None] - 1) / 2
    angle = np.deg2rad(degrees)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    return np.asarray((along / half[0]) ** 2 + (across / half[1]) ** 2 <= 1, dtype=bool)
