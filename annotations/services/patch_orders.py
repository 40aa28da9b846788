"""In which order patches are shown: one number per patch, and the place behind which to go on.

A page begins behind the last number of the page before, so that patches that were answered, added
or deleted meanwhile move nothing that is still to come.
"""

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Floats = NDArray[np.float32]


def scattered(identities: Keys, seed: int) -> Keys:
    """(patches,) a number for each patch as if drawn by lot, the same for the same seed.

    The finalizer of splitmix64 (Steele, Lea and Flood, OOPSLA 2014): a bijection, so no two
    patches share a number.
    """
    with np.errstate(over="ignore"):
        mixed = identities + np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def ranked(values: Floats, lots: Keys) -> Keys:
    """(patches,) keys that sort by value, smallest first, equal ones by lot and NaN last.

    Args:
        values: (patches,), at least 0: their bits then sort as they do.
        lots: (patches,) as of `scattered`.
    """
    known = np.where(np.isnan(values), np.float32(np.inf), values).astype(np.float32)
    upper = known.view(np.uint32).astype(np.uint64) << np.uint64(32)
    ranks: Keys = upper | (lots >> np.uint64(32))
    return ranks


def by_turn(turns: NDArray[np.uint16], guesses: Floats, scores: Floats) -> Floats:
    """(patches,) smallest first: patches by their turn, those without one by how near to one half
    is what the answers or, where they tell nothing, a model lead to expect.

    Args:
        turns: (patches,) 0 for none.
        guesses, scores: (patches,) 0 to 1, nan where nothing is known.

    Returns:
        float32 (patches,): less than 1 with a turn, 1 and more without, nan where nothing is known.
    """
    expected = np.where(np.isnan(guesses), scores, guesses).astype(np.float32)
    behind = 1 + uncertainty(expected, least_certain_first=True)
    ranks: Floats = np.where(turns > 0, turns / np.float32(1 << 16), behind).astype(np.float32)
    return ranks


def uncertainty(scores: Floats, *, least_certain_first: bool) -> Floats:
    """(patches,) how far a score of 0 to 1 is from one half, or what is missing to certainty."""
    distance: Floats = np.abs(scores - np.float32(0.5))
    return distance if least_certain_first else np.float32(0.5) - distance


def next_by_number(
    wanted: NDArray[np.bool_], *, after: int | None, limit: int
) -> NDArray[np.int64]:
    """Numbers of the first wanted patches beyond `after`."""
    start = 0 if after is None else after + 1
    found: NDArray[np.int64] = np.flatnonzero(wanted[start:])[:limit] + start
    return found


def next_in_order(
    keys: Keys, wanted: NDArray[np.bool_], *, after: int | None, limit: int
) -> NDArray[np.int64]:
    """Numbers of the wanted patches with the smallest keys beyond `after`, in order."""
    open_ = wanted if after is None else wanted & (keys > np.uint64(after))
    numbers = np.flatnonzero(open_)
    chosen = keys[numbers]
    if numbers.size > limit:
        first = np.argpartition(chosen, limit)[:limit]
        numbers, chosen = numbers[first], chosen[first]
    found: NDArray[np.int64] = numbers[np.argsort(chosen)]
    return found
