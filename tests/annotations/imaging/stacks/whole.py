"""A file read whole."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.imaging.opening import open_image


def read_all(path: Path, *, series: int = 0, axes: str | None = None) -> NDArray[Any]:
    """(T, Z, C, H, W)."""
    with open_image(path, name=path.name, series=series, axes=axes) as source:
        header = source.header
        planes = [
            source.read(t=t, z=z, y0=0, y1=header.height, x0=0, x1=header.width)
            for t in range(header.frames)
            for z in range(header.depth)
        ]
    return np.stack(planes).reshape(header.frames, header.depth, *planes[0].shape)
