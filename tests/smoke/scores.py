"""How well a result agrees with the truth."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def f1(pairs: Iterable[tuple[Mask, Mask]]) -> float:
    """F1 (Dice) of (found, true) pairs, all of them counted together."""
    both = either = 0
    for found, true in pairs:
        if found.shape != true.shape:
            raise ValueError(f"found {found.shape} and true {true.shape} do not lie on each other")
        both += int(np.count_nonzero(found & true))
        either += int(np.count_nonzero(found)) + int(np.count_nonzero(true))
    return 2 * both / either if either else 1.0


def count_error(pairs: Iterable[tuple[int, int]]) -> float:
    """Objects counted too many or too few in each image, of all the true ones.

    Summed over the images, as the benchmarks do, so that an image with three objects does not weigh
    as much as one with two hundred.
    """
    counts = list(pairs)
    wrong = sum(abs(found - true) for found, true in counts)
    return wrong / max(sum(true for _, true in counts), 1)


def objects(labels: NDArray[np.integer]) -> int:
    """Number of objects of a label image."""
    return int(np.count_nonzero(np.unique(labels)))
