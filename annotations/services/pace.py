"""How long people take for an answer: sums over the history, which only grows, kept in this
process and brought up to date from what is new in it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.db.models import Count, QuerySet, Sum

from annotations.models import Dataset, LabelChange
from annotations.services.marks import Marks, already_read
from annotations.services.statements import rows

# A patch that was looked at for longer lay on the screen while somebody had lunch.
LONGEST_MS = 5 * 60_000
MOST_KEPT = 1000

# Milliseconds, and of how many answers.
Spent = tuple[int, int]


@dataclass(frozen=True)
class Sources:
    """What has history: with an image or a structure its own goes, and new ones have none yet."""

    images: frozenset[int]
    structures: frozenset[int]

    def holds(self, other: Sources) -> bool:
        """Whether nothing of the other has gone."""
        return self.images >= other.images and self.structures >= other.structures


@dataclass
class Pace:
    """What everybody spent on a data set up to a row of the history, and after it row by row."""

    sources: Sources
    marks: Marks
    spent: dict[int, Spent]
    later: dict[int, tuple[int, int]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def seconds(self, dataset: Dataset, newest: int) -> dict[int, float]:
        """For each person the seconds per answer, as of now, `newest` included. One query."""
        with self.lock:
            self.marks.advance()
            self._settle()
            seen, read = already_read([self.marks])
            params = [*read, self.marks.start, dataset.pk, LONGEST_MS]
            new = {pk: (person, took) for pk, person, took in rows(_NEW.format(seen=seen), params)}
            self.marks.note(new, newest)
            self.later |= new
            now = dict(self.spent)
            for person, took in self.later.values():
                _add(now, person, took)
        return {person: spent / answers / 1000 for person, (spent, answers) in now.items()}

    def _settle(self) -> None:
        """Add up what nothing can come before any more."""
        for pk in [pk for pk in self.later if pk <= self.marks.start]:
            _add(self.spent, *self.later.pop(pk))


_NEW = """
WITH {seen}
SELECT t.id, t.annotator_id, t.took_ms
FROM annotations_labelchange t JOIN annotations_image i ON i.id = t.image_id
WHERE t.id > %s AND i.dataset_id = %s AND t.took_ms <= %s AND t.id NOT IN (SELECT id FROM seen)
"""


def seconds_per_answer(dataset: Dataset) -> dict[int, float]:
    """For each person, as of now; of the answers whose time is known."""
    sources, newest = _sources(dataset)
    with _guard:
        pace = _kept.get(dataset.pk)
        if pace is None or not sources.holds(pace.sources):
            pace = _kept[dataset.pk] = _read(dataset, sources, newest)
        pace.sources = sources
        _kept.move_to_end(dataset.pk)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return pace.seconds(dataset, newest)


def timed(history: QuerySet[LabelChange]) -> QuerySet[LabelChange]:
    """Those of which the time is known and may be that of an answer."""
    return history.filter(took_ms__lte=LONGEST_MS).order_by()


_kept: OrderedDict[int, Pace] = OrderedDict()
_guard = Lock()


def _add(spent: dict[int, Spent], person: int, took: int) -> None:
    before, answers = spent.get(person, (0, 0))
    spent[person] = before + took, answers + 1


def _read(dataset: Dataset, sources: Sources, newest: int) -> Pace:
    marks = Marks.at(newest)
    history = timed(LabelChange.objects.filter(image__dataset=dataset, pk__lte=marks.start))
    sums: Any = history.values_list("annotator").annotate(Sum("took_ms"), Count("pk"))
    return Pace(sources, marks, {person: (spent, count) for person, spent, count in sums})


def _sources(dataset: Dataset) -> tuple[Sources, int]:
    """With the newest row of the history. One query."""
    found: dict[str, list[int]] = {"image": [], "structure": [], "newest": []}
    for kind, key in rows(_SOURCES, [dataset.pk, dataset.project_id]):
        found[kind].append(key or 0)
    sources = Sources(frozenset(found["image"]), frozenset(found["structure"]))
    return sources, found["newest"][0]


_SOURCES = """
SELECT 'image', i.id FROM annotations_image i WHERE i.dataset_id = %s
UNION ALL SELECT 'structure', s.id FROM annotations_structure s WHERE s.project_id = %s
UNION ALL SELECT 'newest', MAX(c.id) FROM annotations_labelchange c
"""
