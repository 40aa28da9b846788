"""Canvases become answered patches."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.micranet.data import TrainingData
from inference.micranet.preprocess import Limits, prepare
from inference.micranet.thresholds import COVERAGE
from tests.benchmarks.canvases import DIGITS, Canvas

LIMITS: Limits = ((0.0, 1.0),)


def answers(canvas: Canvas, patch: int) -> npt.NDArray[np.bool_]:
    """The 2 % rule for the whole patches of the grid: (10, rows, columns)."""
    return np.asarray(_tiles(canvas.masks(), patch).mean(axis=(3, 4)) > COVERAGE)


def answered(seen: list[Canvas], *, patch: int, downscale: int) -> TrainingData:
    """All whole patches with ten answers each; the last twentieth of the canvases only measures."""
    patches = np.concatenate([patches_of(canvas, patch, downscale) for canvas in seen])
    labels = [answers(canvas, patch).reshape(DIGITS, -1).T for canvas in seen]
    measuring = np.arange(len(seen)) >= 0.95 * len(seen)
    return TrainingData(
        patches=patches.astype(np.float16),
        labels=np.concatenate(labels).astype(np.float32),
        validation=np.repeat(measuring, len(labels[0])),
        structures=tuple(str(digit) for digit in range(DIGITS)),
        downscale=downscale,
    )


def any_digit(data: TrainingData) -> TrainingData:
    """The same patches with one answer: "yes" where any digit is."""
    return replace(data, labels=data.labels.max(axis=1, keepdims=True), structures=("ink",))


def patches_of(canvas: Canvas, patch: int, downscale: int) -> npt.NDArray[np.float32]:
    """The whole patches, row by row: (N, 1, P, P) at the working resolution."""
    tiles = _tiles(canvas.image[None], patch).reshape(-1, patch, patch)
    return np.stack([prepare(tile[None], LIMITS, downscale) for tile in tiles])


def _tiles(planes: npt.NDArray[Any], patch: int) -> npt.NDArray[Any]:
    """The whole patches: (C, H, W) to (C, rows, columns, patch, patch)."""
    count, height, width = planes.shape
    rows, columns = height // patch, width // patch
    whole = planes[:, : rows * patch, : columns * patch]
    tiled = whole.reshape(count, rows, patch, columns, patch)
    return tiled.swapaxes(2, 3)
