"""One point and one box per object."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import ndimage

SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.int64()) for name in ("label", "point-0", "point-1")),
        *(pa.field(f"bbox-{corner}", pa.int64()) for corner in range(4)),
        *(pa.field(name, pa.float64()) for name in ("score_mean", "score_max")),
    ]
)


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
    # None for a number that no pixel has.
    boxes: list[tuple[slice, ...] | None] = list(ndimage.find_objects(labels))
    rows = [
        _row(number, labels[box] == number, box, None if score is None else score[box])
        for number, box in enumerate(boxes, start=1)
        if box is not None
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _row(
    number: int,
    inside: npt.NDArray[np.bool_],
    box: tuple[slice, ...],
    score: npt.NDArray[Any] | None,
) -> dict[str, Any]:
    top, left = int(box[0].start), int(box[1].start)
    places = np.argwhere(inside)
    nearest = np.square(places - places.mean(axis=0)).sum(axis=1).argmin()
    y, x = places[nearest].tolist()
    values = None if score is None else score[inside]
    return {
        "label": number,
        "point-0": top + y,
        "point-1": left + x,
        "bbox-0": top,
        "bbox-1": left,
        "bbox-2": int(box[0].stop),
        "bbox-3": int(box[1].stop),
        "score_mean": None if values is None else float(values.mean(dtype=np.float64)),
        "score_max": None if values is None else float(values.max()),
    }
