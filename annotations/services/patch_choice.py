"""Which patches somebody is asked about next: arrays in, positions out."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from annotations.services.sheets import Positions

Mask = NDArray[np.bool_]


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
        scores: (patches,) 0 to 1, nan where a model has not looked; needed by scores alone.
        shown: as the scores, what people may be shown where that is not what ranks.
    """

    order: Order
    rng: np.random.Generator
    scores: NDArray[np.float16] | None = None
    shown: NDArray[np.float16] | None = None

    def choose(self, free: Mask, count: int) -> Positions:
        """At most `count` positions where `free` (patches,) is set, best first."""
        if self.order == Order.IMAGE or count < 1:
            return first(free, max(0, count))
        if self.order == Order.RANDOM or self.scores is None:
            return any_of(free, count, self.rng)
        return self._by_score(np.flatnonzero(free), count, self.scores)

    def _by_score(self, free: Positions, count: int, scores: NDArray[np.float16]) -> Positions:
        """By distance to one half; patches without a score come last."""
        distance = np.abs(scores[free].astype(np.float32) - 0.5)
        rank = distance if self.order == Order.UNCERTAIN else -distance
        rank = np.where(np.isnan(rank), np.inf, rank)
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
