"""What is answered and by whom, kept in this process and brought up to date from the history.

A guide to where unanswered patches are, never the last word: whoever acts on it looks at the
rows themselves first (see handing_out). It may be half a second behind.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, RLock

import numpy as np
from django.db.models import Max
from numpy.typing import NDArray

from annotations.models import Dataset, Image, LabelChange, LabellingPlan, Structure
from annotations.services.opinions import Opinion
from annotations.services.sheets import CODES, Layout, Sheet, fractions, pack, read_sheet
from annotations.services.statements import rows
from annotations.services.voices import Voices

# Seconds between two looks at the history.
FRESH_FOR = 0.5
# A row of the history may become visible after later ones: those of the last seconds are read
# again, and so many in any case after the first look.
OVERLAP_SECONDS = 5.0
OVERLAP_ROWS = 5000
MOST_KEPT = 8
# Of the choice which patches are shared.
SALT = 1

Stamp = tuple[object, ...]
Change = tuple[int, int, int, int, int, str]


@dataclass
class Tally:
    """Answers of everybody about one structure of a data set."""

    sheet: Sheet
    stamp: Stamp
    counts: NDArray[np.uint8]
    lock: RLock = field(default_factory=RLock)
    looked_at: float = 0.0
    # (time, newest history row then), oldest first.
    marks: deque[tuple[float, int]] = field(default_factory=deque)
    opinion: Opinion = field(default_factory=Opinion)
    voices: Voices = field(default_factory=Voices)
    _wanted: dict[tuple[int, float], NDArray[np.int8]] = field(default_factory=dict)

    @property
    def layout(self) -> Layout:
        return self.sheet.layout

    def put(self, person: int, position: int, code: int) -> None:
        """Note an answer, 0 for none; the same twice changes nothing."""
        codes = self.sheet.of(person)
        before = int(codes[position])
        self.counts[position] = int(self.counts[position]) + (code != 0) - (before != 0)
        codes[position] = code
        self.opinion.changed.append(position)
        self.voices.changed.add(position)

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

    @contextmanager
    def followed(self, dataset: Dataset, structure: Structure) -> Iterator[None]:
        """As of a moment ago; nobody else in this process changes it meanwhile."""
        with self.lock:
            self.follow(dataset, structure)
            yield

    def follow(self, dataset: Dataset, structure: Structure) -> None:
        """Read what happened since the last look, unless that was a moment ago."""
        now = time.monotonic()
        if now - self.looked_at < FRESH_FOR:
            return
        while len(self.marks) > 1 and now - self.marks[1][0] > OVERLAP_SECONDS:
            self.marks.popleft()
        # What was said on an earlier grid of the data set is about other patches.
        later = LabelChange.objects.filter(
            pk__gt=self.marks[0][1],
            structure=structure,
            applied=True,
            patch_size=dataset.patch_size,
            overlap=dataset.overlap,
        )
        fields = ("pk", "image_id", "row", "column", "annotator_id", "new")
        changes: list[Change] = list(later.order_by("pk").values_list(*fields))
        self._note(changes)
        if changes and changes[-1][0] > self.marks[-1][1]:
            self.marks.append((now, changes[-1][0]))
        self.looked_at = now

    def _note(self, changes: list[Change]) -> None:
        if not changes:
            return
        places = np.array([change[1:4] for change in changes], dtype=np.int64)
        positions = self.layout.positions(pack(*places.T)).tolist()
        for position, (*_, person, new) in zip(positions, changes, strict=True):
            if position >= 0:
                self.put(person, position, CODES.get(new, 0))


_kept: OrderedDict[tuple[int, int], Tally] = OrderedDict()
_guard = Lock()
_loading = Lock()


@contextmanager
def tally_of(*, dataset: Dataset, structure: Structure) -> Iterator[Tally]:
    """The answers as of a moment ago; nobody else in this process changes them meanwhile."""
    tally = found_tally(dataset=dataset, structure=structure)
    with tally.followed(dataset, structure):
        yield tally


def found_tally(*, dataset: Dataset, structure: Structure) -> Tally:
    """The one that is kept for the data set's patches as they are; it may have to be followed."""
    key, stamp = (dataset.pk, structure.pk), _stamp(dataset)
    with _guard:
        tally = _kept.get(key)
        if tally is not None and tally.stamp == stamp:
            _kept.move_to_end(key)
            return tally
    # One reads, the others wait for it instead of reading the same.
    with _loading:
        with _guard:
            tally = _kept.get(key)
        if tally is None or tally.stamp != stamp:
            tally = _read(dataset, structure, stamp)
        with _guard:
            _kept[key] = tally
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return tally


def _read(dataset: Dataset, structure: Structure, stamp: Stamp) -> Tally:
    # Looked up before the answers are read, so that none falls between.
    newest = LabelChange.objects.aggregate(newest=Max("pk"))["newest"] or 0
    sheet = read_sheet(dataset=dataset, structure=structure)
    tally = Tally(sheet, stamp, sheet.counts())
    tally.marks.append((time.monotonic(), max(0, newest - OVERLAP_ROWS)))
    tally.marks.append((time.monotonic(), newest))
    return tally


def _stamp(dataset: Dataset) -> Stamp:
    """Changes when the data set's patches do."""
    found = rows(_STAMP, [dataset.pk, dataset.pk, Image.State.READY.value])
    return dataset.patch_size, dataset.overlap, found[0]


_STAMP = """
SELECT (SELECT MAX(g.id) FROM annotations_formergrid g WHERE g.dataset_id = %s),
       COUNT(*), MAX(i.id), SUM(i.id), SUM(i.height), SUM(i.width)
FROM annotations_image i WHERE i.dataset_id = %s AND i.state = %s
"""
