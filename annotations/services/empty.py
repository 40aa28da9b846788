"""Which patches of an image hold nothing but background, found once and kept."""

import hashlib
import json
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from annotations.errors import Rejected
from annotations.imaging.background import Blocks, block_side, empty_patches, measure_blocks
from annotations.imaging.whole import whole_file
from annotations.models import Image
from annotations.services.telling import Tell, nobody
from annotations.services.working import open_working, working_view

if TYPE_CHECKING:
    from annotations.imaging.store.read import Store

# Looked at in the pyramid's finest level of no more pixels: a large image takes as long as this.
MAX_PIXELS = 16_000_000
BAND = 512


def known_empty(*, image: Image) -> NDArray[np.bool_] | None:
    """(rows, columns) bool of the image's grid: which patches hold nothing but background.

    Seen as the data set's working view. None where nobody has looked since grid or view changed.
    """
    if image.state != Image.State.READY:
        raise Rejected(f"{image.name} is not ready to be labelled yet.")
    try:
        found: NDArray[np.bool_] = np.load(_place(image), allow_pickle=False)
    except FileNotFoundError:
        return None
    return found


def is_known(image: Image) -> bool:
    """Whether somebody has looked since grid or view changed."""
    return _place(image).exists()


def find_empty(*, image: Image, tell: Tell = nobody) -> NDArray[np.bool_]:
    """As `known_empty`, but looks where nobody has, which takes seconds, and keeps it."""
    found = known_empty(image=image)
    if found is not None:
        return found
    path = _place(image)
    found = empty_patches(_blocks(open_working(image), block_side(image.grid), tell), image.grid)
    path.parent.mkdir(exist_ok=True)
    with whole_file(path) as draft, draft.open("wb") as file:
        np.save(file, found)
    return found


def _place(image: Image) -> Path:
    """Named after all that it depends on, so that it is never out of date."""
    of = [astuple(image.grid), astuple(working_view(image.dataset))]
    digest = hashlib.sha256(json.dumps(of).encode()).hexdigest()[:16]
    return image.folder / "empty" / f"{digest}.npy"


def _blocks(store: "Store", side: int, tell: Tell) -> Blocks:
    """Statistics of the whole image, read band by band."""
    level = _level(store)
    _, height, width = store.level_shape(level)
    own = max(2, side >> level)
    band = BAND // own * own
    parts = []
    for y0 in range(0, height, band):
        tell(y0 / height, "Looking for empty patches")
        parts.append(measure_blocks(store.read(y0, min(y0 + band, height), 0, width, level), own))
    means, spreads = (np.concatenate(rows, axis=1) for rows in zip(*parts, strict=True))
    return Blocks(own << level, means, spreads)


def _level(store: "Store") -> int:
    sizes = [store.level_shape(level) for level in range(store.level_count)]
    fine = [level for level, (_, h, w) in enumerate(sizes) if h * w <= MAX_PIXELS]
    return fine[0] if fine else store.level_count - 1
