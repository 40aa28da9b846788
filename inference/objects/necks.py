"""How deep the necks between the parts of a region are, and which parts deeper ones leave."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from inference.objects.components import Labels
from inference.objects.runs import Floats, Integers, grouped
from inference.objects.seeds import Heights

_Part = tuple[slice, slice]
_ALL = slice(None)
# Each pixel, and the one below it; each pixel, and the one to its right.
_BESIDE: tuple[tuple[_Part, _Part], ...] = (
    ((slice(None, -1), _ALL), (slice(1, None), _ALL)),
    ((_ALL, slice(None, -1)), (_ALL, slice(1, None))),
)


@dataclass(frozen=True, slots=True)
class Necks:
    """Of each part, index 0 being background: how far its top lies above the highest pass to a
    higher part, infinite for the highest of all, and the part beyond that pass.

    That is the dynamics of Grimaud (Proc. SPIE 1769, 292, 1992), taken over parts, not pixels.
    """

    depth: Floats
    beyond: Integers

    def joined(self, depth: float) -> Labels:
        """The new number of each part, (N + 1,) int32, when no neck counts that is less deep."""
        target = np.where(self.depth >= depth, np.arange(len(self.depth)), self.beyond)
        while (target != target[target]).any():
            target = target[target]
        _, numbers = np.unique(target, return_inverse=True)
        return np.asarray(numbers, dtype=np.int32)


def necks_of(parts: Labels, levels: Heights) -> Necks:
    """The necks of a connected region.

    Args:
        parts: (H, W) parts 1 to N, 0 off the region.
        levels: (H, W) height of each pixel on the scale that depths are wanted in.
    """
    tops = ndimage.maximum(levels, parts, np.arange(int(parts.max()) + 1)).tolist()
    depth, beyond = np.full(len(tops), np.inf), np.arange(len(tops))
    # Of each part, a higher one in what has been joined with it so far; a highest one has itself.
    above = list(range(len(tops)))
    for first, second, level in _passes(parts, levels):
        sides = sorted((tops[top], -top, part) for part, top in _with_tops(above, first, second))
        (low, name, _), (_, higher, part) = sides
        if name != higher:
            depth[-name], beyond[-name], above[-name] = low - level, part, -higher
    return Necks(depth, beyond)


def _with_tops(above: list[int], *parts: int) -> Iterator[tuple[int, int]]:
    for part in parts:
        top = part
        while above[top] != top:
            above[top] = above[above[top]]
            top = above[top]
        yield part, top


def _passes(parts: Labels, levels: Heights) -> list[tuple[int, int, float]]:
    """Touching parts and the level of the highest pass between them, the highest pass first."""
    sides = [_touching(parts, levels, *beside) for beside in _BESIDE]
    keys, level = (np.concatenate(column) for column in zip(*sides, strict=True))
    order, begins = grouped(keys)
    if not len(order):
        return []
    highest = np.maximum.reduceat(level[order], begins)
    first, second = np.divmod(keys[order][begins], int(parts.max()) + 1)
    down = np.argsort(-highest, kind="stable")
    return list(zip(*(c[down].tolist() for c in (first, second, highest)), strict=True))


def _touching(parts: Labels, levels: Heights, here: _Part, there: _Part) -> tuple[Integers, Floats]:
    """For each two pixels side by side in two parts: both numbers in one, and the lower level."""
    a, b = parts[here], parts[there]
    at = (a != b) & (a > 0) & (b > 0)
    low, high = np.minimum(a[at], b[at]), np.maximum(a[at], b[at])
    keys = low.astype(np.int64) * (int(parts.max()) + 1) + high
    return keys, np.minimum(levels[here][at], levels[there][at])
