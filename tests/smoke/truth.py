"""Answers and masks from outlines that experts drew."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray
from skimage.io import imread

# A patch is "yes" when the structure covers more than this share of it.
RULE = 0.02

Mask = NDArray[np.bool_]
Labels = NDArray[np.integer]


@dataclass(frozen=True)
class Truth:
    """One image and the objects that experts outlined in it."""

    name: str
    file: Path
    labels: Labels

    @property
    def mask(self) -> Mask:
        """(H, W) bool."""
        return self.labels > 0


def read_labels(path: Path) -> Labels:
    """Return an instance label image (H, W), 0 = background."""
    labels = tifffile.imread(path) if path.suffix == ".tif" else imread(path)
    if labels.ndim != 2:
        raise ValueError(f"{path.name} is no label image: {labels.shape}")
    return np.asarray(labels)


def patch_answers(mask: Mask, patch: int) -> Mask:
    """Tell for each patch whether the structure is present: (rows, columns) bool.

    A patch at the right or lower border counts the pixels that exist.
    """
    height, width = mask.shape
    starts = np.arange(0, height, patch), np.arange(0, width, patch)
    covered = np.add.reduceat(np.add.reduceat(mask.astype(np.int64), starts[0], 0), starts[1], 1)
    sizes = [np.minimum(patch, end - start) for start, end in zip(starts, mask.shape, strict=True)]
    return np.asarray(covered > RULE * np.outer(*sizes))
