"""A model over an image of any size: maps per structure and scores per patch."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from inference.micranet.device import Fetch, Precision, send
from inference.micranet.enlarging import Enlarger, Write
from inference.micranet.errors import ModelRefused, Stopped
from inference.micranet.model import Model
from inference.micranet.pixelmap import map_window, plan_windows
from inference.micranet.preprocess import Limits, Planes, pad_to, prepare
from inference.micranet.scoring import score_window
from inference.micranet.windows import Blender, batches, fit_tiling

Read = Callable[[int, int, int, int], Planes]
Corner = tuple[int, int]
_SCORE_BATCH = 32


@dataclass(frozen=True, slots=True)
class SegmentSummary:
    """``patch_scores``: float32 (S, rows, columns) in 0..1 on the labelling grid."""

    patch_scores: npt.NDArray[np.float32]


def segment(
    model: Model,
    read: Read,
    *,
    height: int,
    width: int,
    limits: Limits,
    write: Write,
    patch_size: int | None = None,
    overlap: int = 0,
    on_window: Callable[[int, int], None] = lambda done, total: None,
    should_stop: Callable[[], bool] = lambda: False,
    precision: Precision = "auto",
) -> SegmentSummary:
    """Write the map of every structure and score every patch.

    Memory holds one band of windows, whatever the image's height.

    Args:
        read: ``read(y0, y1, x0, x1)`` gives raw planes (C, h, w) at full resolution.
        limits: contrast limits (low, high) per channel, in raw values, as at training.
        write: ``write(structure, y0, x0, map)`` takes uint8 (h, w), 0..255 for 0..1, at full
            resolution;
            calls come from top to bottom for each structure and cover the image once.
        patch_size: side of the labelling grid's patches in pixels; the model's own by default.
        overlap: of neighbouring patches of that grid in pixels, less than their side.
        on_window: called with (windows done, windows in all). should_stop: asked before each batch.
        precision: "auto" computes in bfloat16 where the hardware multiplies it and the method bears
            it (`device.pick_dtype`, `device.pick_map_dtype`), else in float32.

    Raises:
        ModelRefused: the image's channels are not those of the model. Stopped: ``should_stop`` said
            so.
    """
    job = _Job(model, read, height, width, limits, on_window, should_stop, precision)
    return SegmentSummary(job.run(patch_size or model.spec.patch_size, overlap, write))


def score(
    model: Model,
    read: Read,
    *,
    height: int,
    width: int,
    limits: Limits,
    patch_size: int | None = None,
    overlap: int = 0,
    on_window: Callable[[int, int], None] = lambda done, total: None,
    should_stop: Callable[[], bool] = lambda: False,
    precision: Precision = "auto",
) -> npt.NDArray[np.float32]:
    """Score every patch without making a map: what `segment` gives as ``patch_scores``.

    Arguments and errors are those of `segment`.

    Returns:
        float32 (S, rows, columns) in 0..1.
    """
    job = _Job(model, read, height, width, limits, on_window, should_stop, precision)
    return job.score(patch_size or model.spec.patch_size, overlap)


class _Job:
    """One image: reading, counting and asking whether to go on."""

    def __init__(
        self,
        model: Model,
        read: Read,
        height: int,
        width: int,
        limits: Limits,
        on_window: Callable[[int, int], None],
        should_stop: Callable[[], bool],
        precision: Precision,
    ) -> None:
        if len(limits) != model.spec.channels:
            raise ModelRefused(
                f"The model was trained on {model.spec.channels} channels, "
                f"the image has {len(limits)}."
            )
        self.precision = precision
        self.model, self.read, self.limits = model, read, limits
        self.height, self.width = height, width
        self.on_window, self.should_stop = on_window, should_stop
        self.factor = model.spec.downscale
        self.done = self.total = 0

    def run(self, patch_size: int, overlap: int, write: Write) -> npt.NDArray[np.float32]:
        plan = plan_windows(self.model)
        tiling = fit_tiling(
            -(-self.height // self.factor),
            -(-self.width // self.factor),
            size=plan.size,
            overlap=plan.overlap,
            multiple=plan.multiple,
            margin=plan.margin,
        )
        corners = _corners(self.height, self.width, patch_size, overlap)
        rows, columns = len(corners), len(corners[0])
        self.total = len(tiling.rows) * len(tiling.columns) + rows * columns
        count = len(self.model.spec.structures)
        enlarger = Enlarger(
            count, factor=self.factor, height=self.height, width=self.width, write=write
        )
        self._maps(Blender(tiling, count, enlarger.add), plan.batch)
        return self._scores(patch_size, corners)

    def score(self, patch_size: int, overlap: int) -> npt.NDArray[np.float32]:
        corners = _corners(self.height, self.width, patch_size, overlap)
        self.total = len(corners) * len(corners[0])
        return self._scores(patch_size, corners)

    def _maps(self, blender: Blender, batch: int) -> None:
        to_maps = map_window(self.model, self.precision)
        size = blender.tiling.size
        ready: tuple[list[Corner], Fetch] | None = None
        for corners in batches(blender.tiling, batch):
            there = [(y0 * self.factor, x0 * self.factor) for y0, x0 in corners]
            maps = Fetch(to_maps(self._batch(there, size * self.factor)))
            if ready is not None:  # a batch late, so that a GPU works meanwhile
                self._blend(blender, *ready)
            ready = corners, maps
        if ready is not None:
            self._blend(blender, *ready)
        blender.finish()

    def _blend(self, blender: Blender, corners: list[Corner], maps: Fetch) -> None:
        for (y0, x0), window in zip(corners, maps.numpy(), strict=True):
            blender.add(y0, x0, window)
        self._count(len(corners))

    def _scores(self, size: int, grid: list[list[Corner]]) -> npt.NDArray[np.float32]:
        """float32 (S, rows, columns). Patches are scored as they were learnt: alone, where they
        lie."""
        to_scores = score_window(self.model, self.precision)
        corners = [corner for row in grid for corner in row]
        parts = []
        for start in range(0, len(corners), _SCORE_BATCH):
            chosen = corners[start : start + _SCORE_BATCH]
            parts.append(to_scores(self._batch(chosen, size)).cpu().numpy())
            self._count(len(chosen))
        flat = np.concatenate(parts).T.astype(np.float32)
        return flat.reshape(-1, len(grid), len(grid[0]))

    def _batch(self, corners: list[Corner], size: int) -> Tensor:
        if self.should_stop():
            raise Stopped("Segmentation was stopped.")
        windows = torch.from_numpy(np.stack([self._window(y, x, size) for y, x in corners]))
        return send(windows, self.model.device)

    def _window(self, y0: int, x0: int, size: int) -> npt.NDArray[np.float32]:
        """Working-resolution planes of the window at (y0, x0), padded where the image ends."""
        y1, x1 = min(y0 + size, self.height), min(x0 + size, self.width)
        planes = self.read(y0, y1, x0, x1)
        if planes.shape != (self.model.spec.channels, y1 - y0, x1 - x0):
            raise ModelRefused(
                f"The model was trained on {self.model.spec.channels} channels, "
                f"but reading gave an array of shape {planes.shape}."
            )
        side = -(-size // self.factor)
        return pad_to(prepare(planes, self.limits, self.factor), side, side)

    def _count(self, windows: int) -> None:
        self.done += windows
        self.on_window(self.done, self.total)


def _corners(height: int, width: int, size: int, overlap: int) -> list[list[Corner]]:
    """Top and left of every patch, row by row; each row and column shows pixels no other has."""
    step = size - overlap
    tops = range(0, max(1, height - overlap), step)
    lefts = range(0, max(1, width - overlap), step)
    return [[(top, left) for left in lefts] for top in tops]
