"""Values of patches, from one set of images to another."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from annotations.services.sheets import Layout

Number = TypeVar("Number", bound=np.generic)


def carried(
    values: NDArray[Number], old: Layout, new: Layout, *, missing: float
) -> NDArray[Number]:
    """(..., patches of `new`) a copy of what is known of the patches of `old`.

    Args:
        values: (..., patches of `old`).
        missing: stands for patches of images that `old` has not, or not in this size.
    """
    if old.has_patches_of(new):
        return values.copy()
    found = np.full((*values.shape[:-1], new.size), missing, dtype=values.dtype)
    starts = old.starts.tolist()
    for image, start, end in zip(old.images.tolist(), starts[:-1], starts[1:], strict=True):
        span = new.span(image)
        if span is not None and span.stop - span.start == end - start:
            found[..., span] = values[..., start:end]
    return found
