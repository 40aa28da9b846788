"""Several structures of one image: their maps as a user gets them."""

import numpy as np
import numpy.typing as npt

from inference.micranet.model import Model
from inference.micranet.preprocess import Limits, Planes
from inference.micranet.segment import segment

Maps = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float32]


def maps_of(model: Model, planes: Planes, limits: Limits) -> tuple[Maps, Scores]:
    """Maps uint8 (S, H, W), 0..255 for 0..1, and patch scores (S, rows, columns) in 0..1."""
    height, width = planes.shape[1:]
    maps = np.zeros((len(model.spec.structures), height, width), dtype=np.uint8)

    def write(structure: int, y0: int, x0: int, rows: Maps) -> None:
        maps[structure, y0 : y0 + rows.shape[0], x0 : x0 + rows.shape[1]] = rows

    summary = segment(
        model,
        lambda y0, y1, x0, x1: planes[:, y0:y1, x0:x1],
        height=height,
        width=width,
        limits=limits,
        write=write,
    )
    return maps, summary.patch_scores


def masks_of(model: Model, maps: Maps) -> npt.NDArray[np.bool_]:
    """Masks (S, H, W) at the model's own thresholds."""
    bounds = 255 * np.array(model.thresholds)
    return np.asarray(maps >= bounds[:, None, None])
