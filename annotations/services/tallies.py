"""What is answered and by whom, kept in this process and brought up to date from the history.

A guide to where unanswered patches are, never the last word: whoever acts on it looks at the
rows themselves first (see handing_out). It may be half a second behind, unless it is asked for at
once.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import Any

from django.db.models import Max

from annotations.models import Dataset, Image, Label, LabelChange, Structure
from annotations.services.answer_times import read_diaries
from annotations.services.arriving import with_arrived
from annotations.services.marks import Marks, already_read
from annotations.services.sheets import Layout, layout_of, read_sheets
from annotations.services.statements import among, rows, time_of
from annotations.services.tally import Answered, Change, Stamp, Tally

# Seconds between two looks at the history.
FRESH_FOR = 0.5
# Of those that nobody uses any more, as many stay as find room.
MOST_BYTES = 512 * 2**20
# So that no number of empty ones is too many.
LEAST_BYTES = 50_000

Row = tuple[Any, ...]

_kept: OrderedDict[tuple[int, int], Tally] = OrderedDict()
_guard = Lock()
_loading = Lock()


@contextmanager
def tally_of(*, dataset: Dataset, structure: Structure) -> Iterator[Tally]:
    """The answers as of a moment ago; nobody else in this process changes them meanwhile."""
    tally = found_tally(dataset=dataset, structure=structure)
    with followed(dataset, structure, tally):
        yield tally


def found_tally(*, dataset: Dataset, structure: Structure) -> Tally:
    """The one that is kept for the data set's patches as they are; it may have to be followed."""
    return _found(dataset, [structure.pk])[structure.pk]


@contextmanager
def followed(dataset: Dataset, structure: Structure, tally: Tally) -> Iterator[None]:
    """As of a moment ago; nobody else in this process changes it meanwhile."""
    with tally.lock:
        if time.monotonic() - tally.looked_at >= FRESH_FOR:
            _follow(dataset, {structure.pk: tally})
        yield


@contextmanager
def tallies_of(
    *, dataset: Dataset, structures: Sequence[int], timed: bool = False
) -> Iterator[dict[int, Tally]]:
    """By structure, the answers as they are now, `timed`: with their times.

    The number of queries is the same for any number of structures and answers.
    """
    tallies = _found(dataset, structures)
    with ExitStack() as stack:
        for structure in sorted(tallies):
            stack.enter_context(tallies[structure].lock)
        if timed:
            _read_times(dataset, tallies)
        _follow(dataset, tallies)
        yield tallies


def _follow(dataset: Dataset, tallies: Mapping[int, Tally]) -> None:
    """Read what happened since the last look. One query, and one more where times are kept."""
    # What was said on an earlier grid of the data set is about other patches.
    grid = [dataset.patch_size, dataset.overlap]
    changes = _new(_CHANGES, {key: tally.changes for key, tally in tallies.items()}, grid)
    timed = {key: tally.answers for key, tally in tallies.items() if tally.diaries is not None}
    answers = _new(_ANSWERS, timed, [dataset.pk])
    for structure, tally in tallies.items():
        changed, given = changes[structure], answers.get(structure, {})
        tally.note(list(map(_change, changed.values())), list(map(_answered, given.values())))
        # Not before: what could not be noted is read again.
        tally.changes.note(changed)
        if tally.diaries is not None:
            tally.answers.note(given)
        tally.looked_at = time.monotonic()


def _new(sql: str, marks: Mapping[int, Marks], params: list[int]) -> dict[int, dict[int, Row]]:
    """By structure, the rows that have not been read, by their numbers and in this order."""
    found: dict[int, dict[int, Row]] = {structure: {} for structure in marks}
    if not marks:
        return found
    for own in marks.values():
        own.advance()
    seen, read = already_read(marks.values())
    asked, structures = among("t.structure_id", list(marks))
    start = min(own.start for own in marks.values())
    statement = sql.format(seen=seen, asked=asked)
    for pk, structure, *row in rows(statement, [*read, start, *structures, *params]):
        # Another structure may have to begin earlier than this one.
        if pk > marks[structure].start:
            found[structure][pk] = tuple(row)
    return found


def _change(row: Row) -> Change:
    image, line, column, person, new, at = row
    return image, line, column, person, new, time_of(at)


def _answered(row: Row) -> Answered:
    image, line, column, person, at = row
    return image, line, column, person, time_of(at)


_CHANGES = """
WITH {seen}
SELECT t.id, t.structure_id, t.image_id, t."row", t."column", t.annotator_id, t.new, t.at
FROM annotations_labelchange t
WHERE t.id > %s AND {asked} AND t.applied AND t.patch_size = %s AND t.overlap = %s
AND t.id NOT IN (SELECT id FROM seen)
ORDER BY t.id
"""

# An answer that is given a second time is a new row too: see answers/rows.py.
_ANSWERS = """
WITH {seen}
SELECT t.id, t.structure_id, t.image_id, t."row", t."column", t.annotator_id, t.updated_at
FROM annotations_label t JOIN annotations_image i ON i.id = t.image_id
WHERE t.id > %s AND {asked} AND i.dataset_id = %s AND t.id NOT IN (SELECT id FROM seen)
ORDER BY t.id
"""


def _found(dataset: Dataset, structures: Sequence[int]) -> dict[int, Tally]:
    """Those that are kept for the data set's patches as they are; the others are read."""
    stamp = _stamp(dataset)
    found = _still_good(dataset, structures, stamp)
    if len(found) < len(structures):
        # One reads, the others wait for it instead of reading the same.
        with _loading:
            found = _still_good(dataset, structures, stamp)
            unknown = [one for one in structures if one not in found]
            found |= _renewed(dataset, unknown, stamp, found)
            _keep(dataset, found)
    return found


def _still_good(dataset: Dataset, structures: Sequence[int], stamp: Stamp) -> dict[int, Tally]:
    with _guard:
        found = {one: _kept.get((dataset.pk, one)) for one in structures}
        good = {one: tally for one, tally in found.items() if tally and tally.stamp == stamp}
        for one in good:
            _kept.move_to_end((dataset.pk, one))
        return good


def _keep(dataset: Dataset, tallies: Mapping[int, Tally]) -> None:
    with _guard:
        for structure, tally in tallies.items():
            _kept[dataset.pk, structure] = tally
            _kept.move_to_end((dataset.pk, structure))
        room = MOST_BYTES - sum(LEAST_BYTES + tally.nbytes for tally in _kept.values())
        while room < 0 and len(_kept) > len(tallies):
            _, tally = _kept.popitem(last=False)
            room += LEAST_BYTES + tally.nbytes


def _renewed(
    dataset: Dataset, structures: Sequence[int], stamp: Stamp, known: Mapping[int, Tally]
) -> dict[int, Tally]:
    """Those of fewer images with what came since, the others as they are read."""
    # Of the same patches, even if some came since.
    layout = next((tally.layout for tally in known.values()), None) or layout_of(dataset)
    before = _of_this_grid(dataset, structures, stamp)
    found = with_arrived(dataset=dataset, tallies=before, layout=layout, stamp=stamp)
    unknown = [one for one in structures if one not in found]
    return found | _read(dataset, unknown, layout, stamp) if unknown else found


def _of_this_grid(dataset: Dataset, structures: Sequence[int], stamp: Stamp) -> dict[int, Tally]:
    with _guard:
        kept = {one: _kept.get((dataset.pk, one)) for one in structures}
    return {one: tally for one, tally in kept.items() if tally and tally.stamp[0] == stamp[0]}


def _read(
    dataset: Dataset, structures: Sequence[int], layout: Layout, stamp: Stamp
) -> dict[int, Tally]:
    # Looked up before the answers are read, so that none falls between.
    newest = LabelChange.objects.aggregate(newest=Max("pk"))["newest"]
    sheets = read_sheets(dataset=dataset, structures=structures, layout=layout)
    return {
        structure: Tally(sheet, stamp, sheet.counts(), Marks.at(newest))
        for structure, sheet in sheets.items()
    }


def _read_times(dataset: Dataset, tallies: Mapping[int, Tally]) -> None:
    new = [structure for structure, tally in tallies.items() if tally.diaries is None]
    if not new:
        return
    # In this order, as above.
    newest = Label.objects.aggregate(newest=Max("pk"))["newest"]
    found = read_diaries(dataset=dataset, structures=new, layout=tallies[new[0]].layout)
    for structure, diaries in found.items():
        tallies[structure].diaries, tallies[structure].answers = diaries, Marks.at(newest)


def _stamp(dataset: Dataset) -> Stamp:
    """Changes when the data set's patches do."""
    found = rows(_STAMP, [dataset.pk, dataset.pk, Image.State.READY.value])
    former, *images = found[0]
    return (dataset.patch_size, dataset.overlap, former), tuple(images)


_STAMP = """
SELECT (SELECT MAX(g.id) FROM annotations_formergrid g WHERE g.dataset_id = %s),
       COUNT(*), MAX(i.id), SUM(i.id), SUM(i.height), SUM(i.width)
FROM annotations_image i WHERE i.dataset_id = %s AND i.state = %s
"""
