"""What is answered about one structure of a data set, and by whom, kept in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from annotations.crowd import Reliabilities, reliabilities, some_of
from annotations.models import LabellingPlan
from annotations.services.agreement_tables import AgreementTables
from annotations.services.answer_times import Diaries
from annotations.services.carried import carried
from annotations.services.marks import Marks
from annotations.services.opinions import Opinion
from annotations.services.ratings import NO, YES, ratings_of
from annotations.services.sheets import CODES, Layout, Positions, Sheet, fractions, pack
from annotations.services.voices import Voices

# Of the choice which patches are shared.
SALT = 1
# Of what is kept beside the answers for each patch: counts, and what Opinion and Voices hold.
BYTES_PER_PATCH = 12

# Of the grid, and of the images.
Stamp = tuple[object, object]
# Image, row, column, person, answer and its time, as the history has it.
Change = tuple[int, int, int, int, str, datetime]
# The same of an answer that stands.
Answered = tuple[int, int, int, int, datetime]


@dataclass
class Tally:
    """Answers of everybody about one structure of a data set."""

    sheet: Sheet
    stamp: Stamp
    counts: NDArray[np.uint8]
    # In the history, and in the answers themselves.
    changes: Marks
    answers: Marks = field(default_factory=Marks)
    lock: RLock = field(default_factory=RLock)
    looked_at: float = 0.0
    # Grows with every answer that changes.
    version: int = 0
    opinion: Opinion = field(default_factory=Opinion)
    voices: Voices = field(default_factory=Voices)
    # From the first time on that somebody asks for what needs them.
    diaries: Diaries | None = None
    tables: AgreementTables | None = None
    # With the version and the people that they are of.
    _known: tuple[tuple[int, list[int]], Reliabilities | None] | None = None
    _wanted: dict[tuple[int, float], NDArray[np.int8]] = field(default_factory=dict)

    @property
    def layout(self) -> Layout:
        return self.sheet.layout

    @property
    def nbytes(self) -> int:
        """What it takes of memory, roughly."""
        more = (self.diaries.nbytes if self.diaries else 0) + (
            self.tables.weeks.nbytes if self.tables else 0
        )
        return self.layout.size * (len(self.sheet.codes) + BYTES_PER_PATCH) + more

    def put(self, person: int, position: int, code: int) -> None:
        """Note an answer, 0 for none; the same twice changes nothing."""
        with self._recounted(np.array([position])):
            self._put(person, position, code)

    def note(self, changes: Sequence[Change], answers: Sequence[Answered]) -> None:
        """Note what was answered, in this order, and then what stands."""
        changed, standing = self._positions(changes), self._positions(answers)
        with self._recounted(np.union1d(changed, standing)):
            said: list[tuple[int, int, datetime | None]] = []
            for position, (*_, person, new, at) in zip(changed.tolist(), changes, strict=True):
                if position >= 0:
                    self._put(person, position, CODES.get(new, 0))
                    said.append((person, position, at if new else None))
            for position, (*_, person, at) in zip(standing.tolist(), answers, strict=True):
                if position >= 0:
                    said.append((person, position, at))
            if self.diaries is not None:
                self.diaries.note(said)

    def moved(self, layout: Layout, stamp: Stamp) -> Tally:
        """A copy in a layout that extends this one's, where nobody has answered what is new."""
        with self.lock:
            old = self.layout
            codes = {
                person: carried(own, old, layout, missing=0)
                for person, own in self.sheet.codes.items()
            }
            return Tally(
                Sheet(layout, codes),
                stamp,
                carried(self.counts, old, layout, missing=0),
                deepcopy(self.changes),
                deepcopy(self.answers),
                version=self.version,
                opinion=self.opinion.moved(old, layout),
                diaries=self.diaries.moved(layout) if self.diaries else None,
                tables=self.tables.moved(old, layout) if self.tables else None,
                _known=self._known,
            )

    def arrive(self, sheet: Sheet, diaries: Diaries | None, where: NDArray[np.bool_]) -> None:
        """Take over the answers of a sheet to patches that had none, with their times."""
        positions = np.flatnonzero(where & (sheet.counts() > 0))
        for person, codes in sheet.codes.items():
            self.sheet.of(person)[positions] = codes[positions]
        self.counts[positions] = sheet.counts()[positions]
        self.version += positions.size > 0
        self.opinion.changed += positions.tolist()
        if self.diaries is not None and diaries is not None:
            self.diaries.take(diaries, where)
            if self.tables is not None:
                self.tables.enter(self.sheet, self.diaries, positions)

    def counted(self) -> AgreementTables:
        """How often who said the same as whom; needs the diaries."""
        assert self.diaries is not None
        people = sorted(self.sheet.codes)
        if self.tables is None or self.tables.people != people:
            self.tables = AgreementTables.of(self.sheet, self.diaries, people)
        return self.tables

    def reliabilities(self) -> Reliabilities | None:
        """Of the people of the sheet, from their answers as they are."""
        of = self.version, sorted(self.sheet.codes)
        if self._known is None or self._known[0] != of:
            shared = some_of(np.flatnonzero(self._heard() >= 2))
            self._known = of, reliabilities(ratings_of(self.sheet, of[1], shared))
        return self._known[1]

    def _heard(self) -> NDArray[np.uint8]:
        """(patches,) how many people said yes or no."""
        heard = np.zeros(self.layout.size, dtype=np.uint8)
        for codes in self.sheet.codes.values():
            heard += (codes == YES) | (codes == NO)
        return heard

    def wanted(self, plan: LabellingPlan) -> NDArray[np.int8]:
        """(patches,) how many answers the plan asks; which patches are shared never changes."""
        key = plan.answers_wanted, plan.shared_fraction
        if key not in self._wanted:
            shared = fractions(self.layout.keys(), SALT) < plan.shared_fraction
            self._wanted = {key: np.where(shared, plan.answers_wanted, 1).astype(np.int8)}
        return self._wanted[key]

    def settled(self, least: float) -> NDArray[np.bool_]:
        """(patches,) whether those who answered leave no doubt, as the opinion has it."""
        return self.opinion.settled(self.sheet, self.counts, least)

    def _put(self, person: int, position: int, code: int) -> None:
        codes = self.sheet.of(person)
        before = int(codes[position])
        self.counts[position] = int(self.counts[position]) + (code != 0) - (before != 0)
        codes[position] = code
        self.version += code != before
        self.opinion.changed.append(position)
        self.voices.changed.add(position)

    @contextmanager
    def _recounted(self, positions: Positions) -> Iterator[None]:
        """Take patches out of the tables while their answers change."""
        tables, positions = self.tables, positions[positions >= 0]
        if tables is not None:
            tables.leave(self.sheet, positions)
        yield
        if tables is not None and self.diaries is not None:
            tables.enter(self.sheet, self.diaries, positions)

    def _positions(self, rows: Sequence[Change] | Sequence[Answered]) -> Positions:
        places = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
        return self.layout.positions(pack(*places.T))
