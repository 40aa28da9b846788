"""Which patches somebody is asked about next: arrays in, positions out."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from annotations.services.patch_orders import Floats
from annotations.services.sheets import Positions

Mask = NDArray[np.bool_]
# Greater than any rank.
BEHIND_ALL = np.float32(4)


class Order(StrEnum):
    IMAGE = "image"
    RANDOM = "random"
    UNCERTAIN = "uncertain"
    CERTAIN = "certain"


@dataclass(frozen=True)
class Chooser:
    """Chooses among patches by an order.

    Attributes:
        order: the first of the data set, any, or by a model's scores.
        ranks: (patches,) the smallest first, nan where nothing is known; for orders by it alone.
    """

    order: Order
    rng: np.random.Generator
    ranks: Floats | None = None

    def choose(self, free: Mask, count: int) -> Positions:
        """At most `count` positions where `free` (patches,) is set, best first."""
        if self.order == Order.IMAGE or count < 1:
            return first(free, max(0, count))
        if self.order == Order.RANDOM or self.ranks is None:
            return any_of(free, count, self.rng)
        return self._by_rank(np.flatnonzero(free), count, self.ranks)

    def _by_rank(self, free: Positions, count: int, ranks: Floats) -> Positions:
        """Patches of which nothing is known come last, by lot."""
        rank = ranks[free]
        unknown = np.isnan(rank)
        rank[unknown] = BEHIND_ALL + self.rng.random(np.count_nonzero(unknown), dtype=np.float32)
        if count < len(free):
            best = np.argpartition(rank, count)[:count]
            free, rank = free[best], rank[best]
        return free[np.argsort(rank, kind="stable")]


def first(free: Mask, count: int) -> Positions:
    """The first `count` positions that are set, without looking at all of them."""
    found: list[Positions] = []
    start, step = 0, 1 << 14
    while count > 0 and start < len(free):
        part = start + np.flatnonzero(free[start : start + step])[:count]
        found.append(part)
        count, start, step = count - len(part), start + step, step * 4
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def any_of(free: Mask, count: int, rng: np.random.Generator) -> Positions:
    """`count` random positions that are set, or all of them where there are fewer."""
    if len(free) > 20 * count:
        tried = np.unique(rng.integers(0, len(free), size=8 * count))
        hit = tried[free[tried]]
        if len(hit) >= count:
            return rng.permutation(hit)[:count]
    all_ = np.flatnonzero(free)
    return rng.permutation(all_)[:count]


def mixed_in(patches: Positions, others: Positions, rng: np.random.Generator) -> Positions:
    """Both in one row: `patches` in their order, `others` at places that tell nothing."""
    if not len(others):
        return patches
    places = rng.integers(0, len(patches) + 1, size=len(others))
    return np.insert(patches, places, others)
