"""What all patches of data sets are like, kept in this process: a file per image is slow to open.

What is known of an image never changes, as long as it is seen the same way; images that come are
read, those that go are forgotten.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from annotations.models import Dataset, Image
from annotations.services.carried import carried
from annotations.services.patches.described import features, features_file
from annotations.services.sheets import Layout, layout_of

Floats = NDArray[np.float32]
# How a data set shows its images, and in which grid.
Way = tuple[object, ...]

# What a request may spend on images that nobody has compared before; the next one goes on.
SECONDS = 0.5
# Of data sets that nobody compares in any more, as many stay as find room.
MOST_BYTES = 256 * 2**20

_kept: OrderedDict[tuple[int, int], Looks] = OrderedDict()
_guard = Lock()


@dataclass(eq=False)
class Looks:
    """Of all patches of a data set, as far as they have been read.

    Attributes:
        values: (features, patches), each feature in one piece; NaN where an image is not described
            yet, or has another number of features.
        read: keys of the images that have been read.
    """

    layout: Layout
    way: Way
    values: Floats
    read: set[int] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)
    _spread: Floats | None = None

    @classmethod
    def of(cls, layout: Layout, way: Way, width: int) -> Looks:
        return cls(layout, way, np.full((width, layout.size), np.nan, dtype=np.float32))

    def spread(self) -> Floats:
        """(features,) standard deviation of each over all patches that are known."""
        if self._spread is None:
            self._spread = spread_of(self.values)
        return self._spread

    def within(self, layout: Layout) -> tuple[Floats, Floats]:
        """Values and spread of the patches of some of the images."""
        if self.layout.has_patches_of(layout):
            return self.values, self.spread()
        values = carried(self.values, self.layout, layout, missing=np.nan)
        return values, spread_of(values)

    def missing(self, layout: Layout) -> list[int]:
        """Keys of the images of a layout that have not been read."""
        return [image for image in layout.images.tolist() if image not in self.read]

    def put(self, image: int, found: NDArray[np.float16]) -> None:
        """Note the (patches, features) of an image."""
        span = self.layout.span(image)
        if span is not None and found.shape == (span.stop - span.start, len(self.values)):
            self.values[:, span] = found.T
        self.read.add(image)
        self._spread = None

    def moved(self, layout: Layout) -> Looks:
        """What is known of those patches of another layout that are here too."""
        values = carried(self.values, self.layout, layout, missing=np.nan)
        return Looks(layout, self.way, values, self.read.intersection(layout.images.tolist()))


def spread_of(values: Floats) -> Floats:
    """(features,) standard deviations of (features, patches), at least 1e-6, NaN left out."""
    spread = np.nanstd(values, axis=1, dtype=np.float64)
    found: Floats = np.maximum(spread, 1e-6).astype(np.float32)
    return found


def looks_of(*, dataset: Dataset, layout: Layout, like: Image) -> tuple[Floats, Floats, int]:
    """Values and spread of a layout's patches, as far as half a second allows to read them.

    Returns:
        (features, patches) values, NaN where unknown; (features,) spread; how many images of the
        layout are not described yet.

    Raises as `features` does.
    """
    looks = _found(dataset, features(like).shape[1])
    with looks.lock:
        missing = looks.missing(layout)
        if missing:
            missing = _read(dataset, looks, missing)
        values, spread = looks.within(layout)
    _bound()
    return values, spread, len(missing)


def _read(dataset: Dataset, looks: Looks, missing: list[int]) -> list[int]:
    """Read images; those that were left for the next time. One query."""
    deadline = time.monotonic() + SECONDS
    left = []
    for image in dataset.images.ready().filter(pk__in=missing):
        if time.monotonic() > deadline and not features_file(image).is_file():
            left.append(image.pk)
        else:
            looks.put(image.pk, features(image))
    return left


def _found(dataset: Dataset, width: int) -> Looks:
    """What is kept of the data set as it is now, with what could be kept of how it was."""
    whole = layout_of(dataset)
    key, way = (dataset.pk, width), _way(dataset)
    with _guard:
        kept = _kept.get(key)
        if kept is None or kept.way != way:
            kept = Looks.of(whole, way, width)
        elif not kept.layout.has_patches_of(whole):
            kept = kept.moved(whole)
        _kept[key] = kept
        _kept.move_to_end(key)
        return kept


def _way(dataset: Dataset) -> Way:
    view = (dataset.projection, dataset.plane_z, dataset.plane_t, tuple(dataset.used_channels))
    return dataset.patch_size, dataset.overlap, *view


def _bound() -> None:
    with _guard:
        room = MOST_BYTES - sum(looks.values.nbytes for looks in _kept.values())
        while room < 0 and len(_kept) > 1:
            _, looks = _kept.popitem(last=False)
            room += looks.values.nbytes
