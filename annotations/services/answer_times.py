"""When each answer was given: kept beside a sheet, for what is asked about days and weeks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock

import numpy as np
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from annotations.models import Dataset, Image
from annotations.services.joined import numbers
from annotations.services.sheets import PACKED, Layout, Positions
from annotations.services.statements import among, rows

Times = NDArray[np.int64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
WEEK = timedelta(days=7)


@dataclass
class Diary:
    """One person's answers about a structure: where, and when each was given last.

    Attributes:
        positions: (answers,) int32, ascending, each once.
        at: (answers,) microseconds since 1970.
    """

    positions: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    at: Times = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def put(self, positions: NDArray[np.int32], at: Times) -> None:
        """Note answers at ascending positions; one that is known to be later stays."""
        place, known = self._found(positions)
        there = place[known]
        self.at[there] = np.maximum(self.at[there], at[known])
        self.at = np.insert(self.at, place[~known], at[~known])
        self.positions = np.insert(self.positions, place[~known], positions[~known])

    def remove(self, positions: NDArray[np.int32]) -> None:
        """Note that these have no answer any more; those without one are no error."""
        place, known = self._found(positions)
        self.at = np.delete(self.at, place[known])
        self.positions = np.delete(self.positions, place[known])

    def when(self, positions: NDArray[np.int32]) -> Times:
        """(positions,) the times, 0 where there is no answer."""
        place, known = self._found(positions)
        found = np.zeros(len(positions), dtype=np.int64)
        found[known] = self.at[place[known]]
        return found

    def _found(self, positions: NDArray[np.int32]) -> tuple[Positions, NDArray[np.bool_]]:
        """Where each is or belongs, and whether it is there."""
        place = np.searchsorted(self.positions, positions)
        known = np.zeros(len(positions), dtype=np.bool_)
        inside = place < len(self.positions)
        known[inside] = self.positions[place[inside]] == positions[inside]
        return place, known


@dataclass
class Diaries:
    """Everybody's about one structure."""

    layout: Layout
    of: dict[int, Diary] = field(default_factory=dict)

    def note(self, said: Iterable[tuple[int, int, datetime | None]]) -> None:
        """(person, position, time) of answers in the order in which they came; None: taken back."""
        latest: dict[int, dict[int, int]] = {}
        for person, position, at in said:
            own = latest.setdefault(person, {})
            own[position] = 0 if at is None else max(own.get(position, 0), microseconds(at))
        for person, own in latest.items():
            positions = np.array(sorted(own), dtype=np.int32)
            times = np.array([own[position] for position in positions.tolist()], dtype=np.int64)
            diary = self.of.setdefault(person, Diary())
            diary.remove(positions[times == 0])
            diary.put(positions[times > 0], times[times > 0])

    def last(self, positions: NDArray[np.int32]) -> Times:
        """(positions,) when anybody answered last, 0 where nobody did."""
        found = np.zeros(len(positions), dtype=np.int64)
        for diary in self.of.values():
            np.maximum(found, diary.when(positions), out=found)
        return found

    def moved(self, layout: Layout) -> "Diaries":
        """The same answers in a layout that extends this one."""
        found = Diaries(layout)
        for person, diary in self.of.items():
            positions = self.layout.moved(diary.positions.astype(np.int64), layout).astype(np.int32)
            order = np.argsort(positions)
            found.of[person] = Diary(positions[order], diary.at[order])
        return found

    def take(self, other: "Diaries", where: NDArray[np.bool_]) -> None:
        """Note what another one of the same layout has of some patches."""
        for person, diary in other.of.items():
            there = where[diary.positions]
            own = self.of.setdefault(person, Diary())
            own.put(diary.positions[there], diary.at[there])

    @property
    def nbytes(self) -> int:
        return sum(diary.positions.nbytes + diary.at.nbytes for diary in self.of.values())


def read_diaries(
    *,
    dataset: Dataset,
    structures: Sequence[int],
    layout: Layout,
    images: Sequence[int] | None = None,
) -> dict[int, Diaries]:
    """By structure, the times of all answers as they are now. One query.

    `images`: answers about others are left out.
    """
    found = {structure: Diaries(layout) for structure in structures}
    joined = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    asked, params = among("p.structure_id", structures)
    if images is not None:
        those, more = among("p.image_id", images)
        asked, params = f"{asked} AND {those}", [*params, *more]
    sql = _READ.format(joined=joined.format(packed=PACKED), asked=asked)
    for structure, person, all_ in rows(sql, [*params, dataset.pk, Image.State.READY.value]):
        # Packed patches and times, which alternate.
        both = numbers(all_)
        positions, at = layout.positions(both[::2]), both[1::2]
        order = np.argsort(positions)
        order = order[positions[order] >= 0]
        found[structure].of[person] = Diary(positions[order].astype(np.int32), at[order])
    return found


_READ = """
SELECT p.structure_id, p.annotator_id, {joined}
FROM annotations_label p JOIN annotations_image i ON i.id = p.image_id
WHERE {asked} AND i.dataset_id = %s AND i.state = %s
GROUP BY p.structure_id, p.annotator_id
"""

_POSTGRESQL = """STRING_AGG(
int8send({packed}) || int8send((EXTRACT(EPOCH FROM p.updated_at) * 1000000)::bigint), ''::bytea)
"""

# Times are texts there, without a fraction where it is 0.
_SQLITE = """GROUP_CONCAT(
{packed} || ',' || (CAST(strftime('%%s', p.updated_at) AS bigint) * 1000000
+ CAST(substr(p.updated_at, 21) AS bigint)), ',')
"""


def microseconds(at: datetime) -> int:
    """Since 1970."""
    return (at - EPOCH) // MICROSECOND


def moment(at: int) -> datetime:
    return EPOCH + int(at) * MICROSECOND


def mondays(at: Times) -> NDArray[np.int32]:
    """(times,) the day on which the week of each began by the site's clock, counted as by
    `date.toordinal`; 0 for a time of 0."""
    given = at[at > 0]
    if not len(given):
        return np.zeros(len(at), dtype=np.int32)
    first, last = _monday(int(given.min())), _monday(int(given.max()))
    days = [first + number * WEEK for number in range((last - first) // WEEK + 1)]
    starts = np.array([microseconds(_midnight(day)) for day in days], dtype=np.int64)
    ordinals = np.array([0, *(day.toordinal() for day in days)], dtype=np.int32)
    found: NDArray[np.int32] = ordinals[np.searchsorted(starts, at, side="right")]
    return found


def _monday(at: int) -> date:
    day = timezone.localtime(moment(at)).date()
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, clock.min, tzinfo=timezone.get_current_timezone())
