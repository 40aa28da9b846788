"""Rows of a shrunk map become rows of the image, band by band."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import interpolate

Floats = npt.NDArray[np.float32]
Write = Callable[[int, int, int, npt.NDArray[np.uint8]], None]


class Enlarger:
    """Takes final rows of maps in 0..1 from top to bottom, enlarges them by bilinear interpolation,
    and writes them as 0..255.

    The rows below the last row's middle wait for the next rows, so that nothing shows where two
    bands meet. ``height`` and ``width`` are those of the image.
    """

    def __init__(
        self, structures: int, *, factor: int, height: int, width: int, write: Write
    ) -> None:
        self._factor, self._height, self._width = factor, height, width
        self._write = write
        self._last: list[Floats | None] = [None] * structures

    def add(self, structure: int, y0: int, rows: Floats) -> None:
        """Rows (h, w) of the shrunk map; ``y0`` is the first one's position."""
        if self._factor == 1:
            self._put(structure, y0, rows)
            return
        above = self._last[structure]
        first = rows[:1] if above is None else above
        block = [first, rows]
        ends = (y0 + len(rows)) * self._factor >= self._height
        if ends:
            block.append(rows[-1:])
        self._last[structure] = rows[-1:].copy()
        half = self._factor // 2
        large = self._enlarged(np.concatenate(block))[half:-half]
        self._put(structure, (y0 - 1) * self._factor + half, large)

    def _enlarged(self, rows: Floats) -> Floats:
        planes = torch.from_numpy(rows)[None, None]
        large = interpolate(planes, scale_factor=float(self._factor), mode="bilinear")
        return np.asarray(large[0, 0].numpy())

    def _put(self, structure: int, top: int, rows: Floats) -> None:
        rows = rows[max(0, -top) : self._height - top, : self._width]
        if len(rows):
            levels = rows * np.float32(255)
            levels = np.rint(levels, out=levels).clip(0, 255, out=levels).astype(np.uint8)
            self._write(structure, max(0, top), 0, levels)
