"""The images of a data set as a list shows them: written anew where their rows have changed."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.utils import timezone

from annotations.api.image_output import ImageOutput
from annotations.models import Dataset, Image

Row = tuple[Any, ...]
Written = dict[str, Any]

# Data sets; a thousand images of one take some 5 MB.
MOST_KEPT = 8
_NAMES = tuple(column.attname for column in Image._meta.concrete_fields)
_STATE = _NAMES.index("state")


@dataclass(frozen=True)
class _Kept:
    """What was written of each image, with the row that it was written from."""

    # What it says besides what is in the rows.
    way: tuple[Any, ...]
    written: Mapping[int, tuple[Row, Written]] = field(default_factory=dict)

    def of(self, key: int, row: Row) -> Written | None:
        """None where it has to be written anew: of others the files say more than the row."""
        before = self.written.get(key)
        same = before is not None and before[0] == row and row[_STATE] == Image.State.READY
        return before[1] if before is not None and same else None


_kept: OrderedDict[int, _Kept] = OrderedDict()
_guard = Lock()


def image_list(dataset: Dataset) -> list[Written]:
    """Every image as `ImageOutput` writes it. One query, and one more for what has changed."""
    rows = {row[0]: row[1:] for row in dataset.images.values_list("pk", *_NAMES)}
    way = (dataset.patch_size, dataset.overlap, timezone.get_current_timezone_name())
    with _guard:
        before = _kept.get(dataset.pk)
    if before is None or before.way != way:
        before = _Kept(way)
    written = {key: before.of(key, row) for key, row in rows.items()}
    written |= _anew(dataset, [key for key, one in written.items() if one is None])
    found = {key: one for key, one in written.items() if one is not None}
    _keep(dataset, _Kept(way, {key: (rows[key], one) for key, one in found.items()}))
    return list(found.values())


def _anew(dataset: Dataset, keys: Sequence[int]) -> dict[int, Written | None]:
    """Those that are still there."""
    if not keys:
        return {}
    shown = ImageOutput(dataset.images.filter(pk__in=keys), many=True).data
    return {one["id"]: one for one in shown}


def _keep(dataset: Dataset, kept: _Kept) -> None:
    with _guard:
        _kept[dataset.pk] = kept
        _kept.move_to_end(dataset.pk)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
