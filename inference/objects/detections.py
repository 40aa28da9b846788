"""One point and one box per object."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from inference.objects.runs import Floats, Integers, Runs, grouped, runs_of, sums_of

_BOX = tuple(f"bbox-{corner}" for corner in range(4))
SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.int64()) for name in ("label", "point-0", "point-1", *_BOX)),
        *(pa.field(name, pa.float64()) for name in ("score_mean", "score_max")),
    ]
)


@dataclass(frozen=True, slots=True)
class _Places:
    """Of some labels, a pixel and how far (px²) it lies from the object's centroid."""

    label: Integers
    y: Integers
    x: Integers
    far: Floats
    highest: Floats

    def nearest(self) -> "_Places":
        """One place for each label, sorted: the nearest, of equals the first; and what is highest
        of all."""
        order = np.lexsort((self.far, self.label))
        _, begins = grouped(self.label[order])
        first = order[begins]
        highest = np.maximum.reduceat(self.highest[order], begins) if len(order) else self.highest
        return _Places(self.label[first], self.y[first], self.x[first], self.far[first], highest)


@dataclass(slots=True)
class Detecting:
    """Finds the points of objects whose centroids are known, in a label image that comes in bands
    of rows.

    objects: as `measure_bands` gives them; ``label``, centroids, boxes and ``score_mean`` are used.
    """

    objects: pa.Table
    _parts: list[_Places] = field(init=False, default_factory=list)

    def add(self, labels: npt.NDArray[np.integer], y0: int, score: npt.NDArray[Any] | None) -> None:
        """Look at a band (h, W) whose first row is ``y0``, and its score (h, W) in 0..1.

        Raises:
            ValueError: a label that the objects do not have.
        """
        runs = runs_of(labels, y0)
        if len(runs.label):
            highest = _highest(score, runs) if score is not None else np.full(len(runs.row), np.nan)
            self._parts.append(self._places(runs, highest).nearest())

    def _places(self, runs: Runs, highest: Floats) -> _Places:
        """In each run, the pixel that is nearest to its object's centroid."""
        known = self._column("label")
        at = np.minimum(np.searchsorted(known, runs.label), max(len(known) - 1, 0))
        if not len(known) or (known[at] != runs.label).any():
            raise ValueError("These labels and these objects do not belong together.")
        y, x = self._column("centroid-0")[at], self._column("centroid-1")[at]
        column = np.clip(np.ceil(x - 0.5), runs.first, runs.last).astype(np.int64)
        far = np.square(runs.row - y) + np.square(column - x)
        return _Places(runs.label, runs.row, column, far, highest)

    def _column(self, name: str) -> npt.NDArray[Any]:
        column: npt.NDArray[Any] = self.objects[name].to_numpy()
        return column

    def table(self) -> pa.Table:
        """What `detections` says, once all bands were looked at."""
        if not self._parts:
            return SCHEMA.empty_table()
        columns = [
            np.concatenate([getattr(part, name) for part in self._parts])
            for name in _Places.__slots__
        ]
        found = _Places(*columns).nearest()
        values = {name: self.objects[name] for name in ("label", *_BOX, "score_mean")}
        values |= {"point-0": found.y, "point-1": found.x}
        values["score_max"] = pa.array(found.highest, from_pandas=True)
        return pa.table([values[name] for name in SCHEMA.names], schema=SCHEMA)


def detections(labels: npt.NDArray[np.integer], score: npt.NDArray[Any] | None) -> pa.Table:
    """Where each object is.

    Args:
        labels: (H, W) integers, 0 = background.
        score: (H, W) probability 0..1, or None: then the scores are null.

    Returns:
        One row per object in the order of labels: ``label``; ``point-0, point-1``, row and column
        of the object's pixel that is nearest to its centroid, so it lies inside, whatever the
        shape; ``bbox-0 … bbox-3``, rows and columns of its box (y0, x0, y1, x1, ends excluded);
        ``score_mean, score_max`` over its pixels.

    Raises:
        ValueError: labels are not (H, W) integers, or the score has another shape.
    """
    if labels.ndim != 2 or labels.dtype.kind not in "ui":
        raise ValueError(f"A label image is (H, W) integers, not {labels.shape} {labels.dtype}.")
    if score is not None and score.shape != labels.shape:
        raise ValueError(f"A score of {score.shape} does not lie over labels of {labels.shape}.")
    detecting = Detecting(_objects(labels, score))
    detecting.add(labels, 0, score)
    return detecting.table()


def _objects(labels: npt.NDArray[np.integer], score: npt.NDArray[Any] | None) -> pa.Table:
    """Label, centroid, box and mean score of each object."""
    sums = sums_of(runs_of(labels, 0), [] if score is None else [score])
    box = (sums.y_low, sums.x_low, sums.y_high + 1, sums.x_high + 1)
    nothing = pa.nulls(len(sums.label), pa.float64())
    return pa.table(
        {
            "label": sums.label,
            "centroid-0": sums.y / sums.area,
            "centroid-1": sums.x / sums.area,
            **dict(zip(_BOX, box, strict=True)),
            "score_mean": nothing if score is None else sums.values[:, 0] / sums.area,
        }
    )


def _highest(score: npt.NDArray[Any], runs: Runs) -> Floats:
    """The highest score of each run."""
    # From one place to the next: what lies between two runs is left out again.
    places = np.stack([runs.start, runs.end], axis=1).ravel()
    last = places[-1] == score.size
    highest = np.maximum.reduceat(score.ravel(), places[:-1] if last else places)
    return np.asarray(highest[::2], dtype=np.float64)
