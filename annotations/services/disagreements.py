"""Patches about which people said different things, side by side."""

from dataclasses import dataclass

import numpy as np

from annotations.crowd import posteriors, reliabilities, usual
from annotations.models import Dataset, Decision, Remark, Structure, User
from annotations.services.access import require_sight
from annotations.services.ratings import NO, YES, ratings_of
from annotations.services.said import Said, codes_of, who_said
from annotations.services.sheets import Layout, Positions, Sheet, packed, read_sheet

MOST_LISTED = 200


@dataclass(frozen=True)
class Disagreement:
    """One patch: who said what, what a manager decided, and what was remarked on it."""

    image: int
    row: int
    column: int
    answers: list[Said]
    # Of yes, by Dawid and Skene; as if all were alike while too few patches have two answers.
    probability: float
    decision: str | None
    remarks: int


@dataclass(frozen=True)
class Disagreements:
    """A part of the list; `cursor` is where the next one begins, None at the end."""

    patches: list[Disagreement]
    cursor: int | None
    total: int


def list_disagreements(
    *,
    by: User,
    dataset: Dataset,
    structure: Structure,
    decided: bool = False,
    cursor: int = 0,
    limit: int = 50,
) -> Disagreements:
    """Patches with a yes and a no, in the order of the images; with `decided`, those too that a
    manager has decided about."""
    require_sight(user=by, project=dataset.project)
    sheet = read_sheet(dataset=dataset, structure=structure)
    decisions = _decisions(dataset, structure, sheet.layout)
    differ = _differ(sheet)
    if not decided:
        differ = np.setdiff1d(differ, np.array(list(decisions), dtype=np.int64))
    page = differ[differ >= cursor][: max(1, min(limit, MOST_LISTED)) + 1]
    following = int(page[-1]) if len(page) > limit else None
    return Disagreements(
        _told(dataset, structure, sheet, page[:limit], decisions), following, len(differ)
    )


def _differ(sheet: Sheet) -> Positions:
    yes = np.zeros(sheet.layout.size, dtype=np.bool_)
    no = np.zeros(sheet.layout.size, dtype=np.bool_)
    for codes in sheet.codes.values():
        yes |= codes == YES
        no |= codes == NO
    return np.flatnonzero(yes & no)


def _decisions(dataset: Dataset, structure: Structure, layout: Layout) -> dict[int, str]:
    rows = Decision.objects.filter(structure=structure, image__dataset=dataset)
    return {
        position: value
        for (value,), keys in packed(rows, "value")
        for position in layout.positions(keys).tolist()
    }


def _told(
    dataset: Dataset,
    structure: Structure,
    sheet: Sheet,
    positions: Positions,
    decisions: dict[int, str],
) -> list[Disagreement]:
    said = who_said(codes_of(sheet, positions), len(positions))
    remarks = _remarks(dataset, structure, sheet.layout)
    found = []
    for (image, row, column), position, answers, probable in zip(
        sheet.layout.patches(positions),
        positions.tolist(),
        said,
        _probabilities(sheet, positions),
        strict=True,
    ):
        decision, count = decisions.get(position), remarks.get(position, 0)
        found.append(Disagreement(image, row, column, answers, probable, decision, count))
    return found


def _probabilities(sheet: Sheet, positions: Positions) -> list[float]:
    """Of yes, for each position, from who said what."""
    people = sorted(sheet.codes)
    shared = np.flatnonzero(sheet.counts() >= 2)
    known = reliabilities(ratings_of(sheet, people, shared)) or usual(len(people))
    found: list[float] = posteriors(ratings_of(sheet, people, positions), known).tolist()
    return found


def _remarks(dataset: Dataset, structure: Structure, layout: Layout) -> dict[int, int]:
    rows = Remark.objects.filter(structure=structure, image__dataset=dataset)
    counted: dict[int, int] = {}
    for _, keys in packed(rows, "structure_id"):
        for position in layout.positions(keys).tolist():
            counted[position] = counted.get(position, 0) + 1
    return counted
