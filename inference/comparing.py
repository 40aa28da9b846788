"""How well objects that were found agree with a reference; pure numpy."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Above it an object can match one other at most, so no assignment has to be searched.
MATCHES_ABOVE = 0.5
_BITS = 32
_LOWER = 2**_BITS - 1
Labels = NDArray[Any]


@dataclass
class Comparison:
    """Sums over an image, in px and in objects; the scores follow from them.

    Scores are None where neither side has anything: there is nothing to be right about.
    """

    both_px: int = 0
    found_px: int = 0
    reference_px: int = 0
    _found: Counter[int] = field(default_factory=Counter)
    _reference: Counter[int] = field(default_factory=Counter)
    _shared: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, found: Labels, reference: Labels) -> None:
        """Take in a band (h, W) of two label images, 0 = background; an object may be in many.

        Raises:
            ValueError: the bands differ in size.
        """
        if found.shape != reference.shape:
            raise ValueError(f"{found.shape} does not lie over {reference.shape}.")
        pairs = (found.astype(np.uint64) << np.uint64(_BITS)) | reference.astype(np.uint64)
        values, counts = np.unique(pairs, return_counts=True)
        for pair, count in zip(values.tolist(), counts.tolist(), strict=True):
            self._note(pair >> _BITS, pair & _LOWER, count)

    def _note(self, found: int, reference: int, count: int) -> None:
        if found:
            self.found_px += count
            self._found[found] += count
        if reference:
            self.reference_px += count
            self._reference[reference] += count
        if found and reference:
            self.both_px += count
            self._shared[found, reference] += count

    @property
    def pixel_f1(self) -> float | None:
        """2 TP / (2 TP + FP + FN) over pixels, the Dice coefficient."""
        return _share(2 * self.both_px, self.found_px + self.reference_px)

    @property
    def iou(self) -> float | None:
        """TP / (TP + FP + FN) over pixels, the Jaccard index."""
        return _share(self.both_px, self.found_px + self.reference_px - self.both_px)

    @property
    def matched(self) -> int:
        """Objects of both sides whose IoU is above one half."""
        return sum(
            shared / (self._found[found] + self._reference[reference] - shared) > MATCHES_ABOVE
            for (found, reference), shared in self._shared.items()
        )

    @property
    def object_f1(self) -> float | None:
        """2 TP / (2 TP + FP + FN) over objects, matched at an IoU above one half.

        J. C. Caicedo et al., Nucleus segmentation across imaging experiments: the 2018 Data
        Science Bowl, Nature Methods 16, 2019.
        """
        return _share(2 * self.matched, len(self._found) + len(self._reference))

    @property
    def count_error(self) -> int:
        """Objects found less objects of the reference."""
        return len(self._found) - len(self._reference)


def compare_bands(bands: Iterable[tuple[Labels, Labels]]) -> Comparison:
    """Compare two label images that come in bands of rows (h, W) each: found, reference.

    Labels are integers from 0 = background to 2**32 - 1. Memory grows with the number of objects,
    not of pixels.
    """
    comparison = Comparison()
    for found, reference in bands:
        comparison.add(found, reference)
    return comparison


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
