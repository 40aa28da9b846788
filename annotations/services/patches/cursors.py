"""The place behind which a page of patches goes on, as a word."""

import numpy as np
from numpy.typing import NDArray

from annotations.errors import Rejected
from annotations.services.sheets import Layout, Place


def cursor_of(layout: Layout, keys: NDArray[np.uint64] | None, number: int) -> str:
    """Behind the patch of this number."""
    if keys is not None:
        return f"{int(keys[number]):x}"
    return ":".join(str(part) for part in layout.patches(np.array([number]))[0])


def after(cursor: str, layout: Layout) -> int | None:
    """The key that a cursor stands for. In the order of images it names the patch itself."""
    try:
        if not cursor:
            return None
        if ":" not in cursor:
            return int(cursor, 16)
        image, row, column = (int(part) for part in cursor.split(":"))
    except ValueError:
        raise Rejected("This is no place to go on from.", field="cursor") from None
    number = layout.position(Place(image, row, column))
    if number is None:
        raise Rejected("The image to go on from is gone. Start again.", field="cursor")
    return number
