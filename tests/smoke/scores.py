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
    """Mean over images of |found - true| / true number of objects."""
    return float(np.mean([abs(found - true) / true for found, true in pairs if true]))


def objects(labels: NDArray[np.integer]) -> int:
    """Number of objects of a label image."""
    return int(np.count_nonzero(np.unique(labels)))
