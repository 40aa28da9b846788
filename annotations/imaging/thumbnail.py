"""Small pictures of images, for lists."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from annotations.imaging.store.read import Store
from annotations.imaging.whole import whole_file

Limits = tuple[float, float]


def write_thumbnail(
    store: Store,
    path: Path,
    *,
    limits: Sequence[Limits],
    colours: Sequence[str],
    is_rgb: bool,
    size: int = 320,
) -> None:
    """Write a PNG whose longer side is at most `size` px, keeping the shape of the image.

    Args:
        store: the image; the coarsest level that is large enough is read.
        path: of the PNG; appears whole or not at all.
        limits: darkest and brightest value per channel.
        colours: 'RRGGBB' per channel.
        is_rgb: colour picture: limits and colours are not used.
        size: in px.
    """
    level = store.level_for(size)
    height, width = store.level_shape(level)[1:]
    planes = store.read(0, height, 0, width, level=level)
    picture = np.moveaxis(planes, 0, -1) if is_rgb else blend(planes, limits, colours)
    image = Image.fromarray(np.ascontiguousarray(picture, dtype=np.uint8))
    image.thumbnail((size, size), Image.Resampling.BOX)
    with whole_file(path) as temporary:
        image.save(temporary, format="PNG", optimize=True)


def blend(
    planes: NDArray[Any], limits: Sequence[Limits], colours: Sequence[str]
) -> NDArray[np.uint8]:
    """Add up channels, each in its colour, as the browser shows them.

    Args:
        planes: (C, H, W).
        limits: (low, high) per channel; values at or below low are black, from high on full.
        colours: 'RRGGBB' per channel.

    Returns:
        (H, W, 3) uint8.
    """
    total = np.zeros((*planes.shape[1:], 3), dtype=np.float32)
    for plane, (low, high), colour in zip(planes, limits, colours, strict=True):
        brightness = np.clip((plane.astype(np.float32) - low) / (high - low), 0, 1)
        total += brightness[..., np.newaxis] * np.array(list(bytes.fromhex(colour)), np.float32)
    picture: NDArray[np.uint8] = np.minimum(total, 255).round().astype(np.uint8)
    return picture
