"""How often who said the same as whom, week by week: numbers from which all agreement follows.

They are counted once and put right where answers change, so that two million answers need not be
compared anew for every look at them.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.agreement import Ratings
from annotations.services.answer_times import Diaries, mondays
from annotations.services.carried import carried
from annotations.services.opinions import CHUNK
from annotations.services.ratings import ratings_of
from annotations.services.sheets import Layout, Positions, Sheet

Counts = NDArray[np.int64]


@dataclass
class Table:
    """Counts over some patches; an answer is 0 for no and 1 for yes, unsure is none.

    Attributes:
        pairs: (people, people, 2, 2) patches to which one said this and another that.
        votes: (people + 1, people + 1) patches with so many noes and so many yeses.
        margins: (people, 2, 2 * people + 1) patches to which a person said this, by how many more
            yeses than noes the patch has, plus the number of people.
    """

    pairs: Counts
    votes: Counts
    margins: Counts

    @classmethod
    def of(cls, ratings: Ratings) -> "Table":
        """Count (patches, people) ratings, of which there are at most 2 ** 24."""
        people = ratings.shape[1]
        said = np.stack([ratings == 0, ratings == 1]).astype(np.float32)
        pairs = np.einsum("xpa,ypb->abxy", said, said, optimize=True).astype(np.int64)
        no, yes = said.sum(axis=2).astype(np.int64)
        votes = np.bincount(no * (people + 1) + yes, minlength=(people + 1) ** 2)
        above = yes - no + people
        margins = np.stack([_per_person(own > 0, above) for own in said], axis=1)
        return cls(pairs, votes.reshape(people + 1, people + 1), margins)

    @classmethod
    def empty(cls, people: int) -> "Table":
        return cls.of(np.zeros((0, people), dtype=np.int8))

    def add(self, other: "Table", times: int = 1) -> None:
        self.pairs += times * other.pairs
        self.votes += times * other.votes
        self.margins += times * other.margins


def _per_person(said: NDArray[np.bool_], above: Positions) -> Counts:
    """(people, 2 * people + 1) from (patches, people) whether they said it."""
    people = said.shape[1]
    counted = [np.bincount(above[own], minlength=2 * people + 1) for own in said.T]
    return np.array(counted, dtype=np.int64).reshape(people, 2 * people + 1)


@dataclass
class AgreementTables:
    """The tables of a sheet, by the week in which a patch was answered last.

    Attributes:
        people: whose answers are the columns.
        weeks: (patches,) the Monday of each, counted as by `date.toordinal`; 0 without answers.
        by_week: what is counted in each.
    """

    people: list[int]
    weeks: NDArray[np.int32]
    by_week: dict[int, Table]

    @classmethod
    def of(cls, sheet: Sheet, diaries: Diaries, people: Sequence[int]) -> "AgreementTables":
        tables = cls(list(people), np.zeros(sheet.layout.size, dtype=np.int32), {})
        tables.enter(sheet, diaries, np.flatnonzero(sheet.counts()))
        return tables

    def moved(self, old: Layout, new: Layout) -> "AgreementTables":
        """The same counts, of patches that lie in a layout which extends theirs."""
        weeks = carried(self.weeks, old, new, missing=0)
        return AgreementTables(list(self.people), weeks, deepcopy(self.by_week))

    def enter(self, sheet: Sheet, diaries: Diaries, positions: Positions) -> None:
        """Count these patches, each once, as they are answered now."""
        self.weeks[positions] = mondays(diaries.last(positions.astype(np.int32)))
        self._count(sheet, positions, 1)

    def leave(self, sheet: Sheet, positions: Positions) -> None:
        """Take these patches out again; their answers must be those with which they came."""
        self._count(sheet, positions, -1)

    def all(self) -> Table:
        """Over all weeks."""
        total = Table.empty(len(self.people))
        for table in self.by_week.values():
            total.add(table)
        return total

    def _count(self, sheet: Sheet, positions: Positions, times: int) -> None:
        for week, part in self._parts(positions):
            counted = Table.of(ratings_of(sheet, self.people, part))
            self.by_week.setdefault(week, Table.empty(len(self.people))).add(counted, times)

    def _parts(self, positions: Positions) -> Iterator[tuple[int, Positions]]:
        """The patches of one week at a time, and not too many of them."""
        positions = positions[np.argsort(self.weeks[positions], kind="stable")]
        weeks, starts = np.unique(self.weeks[positions], return_index=True)
        ends = [*starts[1:].tolist(), len(positions)]
        for week, start, end in zip(
            weeks.tolist(), starts.tolist(), ends[: len(weeks)], strict=True
        ):
            for first in range(start, end, CHUNK):
                yield week, positions[first : min(end, first + CHUNK)]
