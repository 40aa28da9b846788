"""Label images as TIFF, for Fiji, napari, CellProfiler and QuPath."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

_UINT16_MAX = int(np.iinfo(np.uint16).max)
# ImageJ's form has no larger addresses; above it the file is a BigTIFF.
_IMAGEJ_BYTES = 2**32 - 2**25
Size = tuple[float, float]


def write_label_tiff(
    bands: Iterable[tuple[int, NDArray[np.integer]]],
    path: Path,
    *,
    shape: tuple[int, int],
    highest: int,
    pixel_size_um: Size | None,
) -> None:
    """Write an instance label image that Fiji opens with its pixel size.

    uint16 in ImageJ's own form up to label 65,535. Above it uint32, which ImageJ's form does not
    know: a plain TIFF whose description still tells ImageJ the unit; Fiji shows it as 32-bit
    float, exact up to label 16,777,216.

    Args:
        bands: (y0, labels (h, W)), integers, 0 = background; rows that no band has stay 0.
        path: to be written.
        shape: (H, W) of the whole.
        highest: label there is.
        pixel_size_um: (y, x), or None: then the file says no size.

    Raises:
        ValueError: a band that does not fit, no integers, or a label below 0 or above the highest.
    """
    pixels = _write_empty(path, shape, highest, pixel_size_um)
    for y0, labels in bands:
        _check(y0, labels, shape, highest)
        # Opened for each band: what is written need not stay in memory.
        start = pixels.offset + y0 * shape[1] * pixels.dtype.itemsize
        rows = np.memmap(path, pixels.dtype, "r+", start, labels.shape)
        rows[:] = labels
        rows.flush()


@dataclass(frozen=True, slots=True)
class _Pixels:
    """Where the pixels of a file are, in bytes from its start, and of what type."""

    offset: int
    dtype: np.dtype[Any]


def _write_empty(
    path: Path, shape: tuple[int, int], highest: int, pixel_size_um: Size | None
) -> _Pixels:
    dtype = np.dtype(np.uint16 if highest <= _UINT16_MAX else np.uint32)
    small = shape[0] * shape[1] * dtype.itemsize <= _IMAGEJ_BYTES
    how = _imagej(pixel_size_um) if dtype == np.uint16 and small else _plain(pixel_size_um)
    zeros = tifffile.memmap(
        path,
        shape=shape,
        dtype=dtype,
        resolution=_per_um(pixel_size_um),
        resolutionunit=tifffile.RESUNIT.NONE,
        **how,
    )
    return _Pixels(zeros.offset, zeros.dtype)


def _check(y0: int, labels: NDArray[np.integer], shape: tuple[int, int], highest: int) -> None:
    if labels.ndim != 2 or labels.dtype.kind not in "ui":
        raise ValueError(f"A label image is (H, W) integers, not {labels.shape} {labels.dtype}.")
    if y0 < 0 or y0 + len(labels) > shape[0] or labels.shape[1] != shape[1]:
        raise ValueError(f"Labels of {labels.shape} from row {y0} on do not fit into {shape}.")
    if labels.size and not 0 <= int(labels.min()) <= int(labels.max()) <= highest:
        raise ValueError(f"A label image has no labels below 0 or above {highest}.")


def _imagej(pixel_size_um: Size | None) -> dict[str, Any]:
    return {"imagej": True, "metadata": {"axes": "YX"} | ({"unit": "um"} if pixel_size_um else {})}


def _plain(pixel_size_um: Size | None) -> dict[str, Any]:
    return {
        "photometric": "minisblack",
        "metadata": None,
        "description": "ImageJ=1.11a\nunit=um\n" if pixel_size_um else None,
    }


def _per_um(pixel_size_um: Size | None) -> tuple[float, float] | None:
    """Pixels per µm as (x, y), the order of the TIFF tags."""
    return (1 / pixel_size_um[1], 1 / pixel_size_um[0]) if pixel_size_um else None
