"""The objects of a whole map at once, by the way of the application."""

import numpy as np
import numpy.typing as npt

from inference.masks import object_bands_of
from inference.objects.choice import Separation
from inference.objects.components import Labels


def objects_of(
    map_: npt.NDArray[np.uint8],
    threshold: float,
    separation: Separation,
    *,
    pixel_size_um: tuple[float, float] | None = None,
) -> Labels:
    """int32 (H, W): the bands that `object_bands_of` gives of a map (H, W), put together."""
    bands = object_bands_of(
        lambda y0, y1: map_[y0:y1],
        threshold,
        separation,
        height=map_.shape[0],
        width=map_.shape[1],
        pixel_size_um=pixel_size_um,
        rows=16,
    )
    return np.concatenate([labels for _, labels in bands])
