"""Patches about which people said different things, side by side."""

from dataclasses import dataclass

import numpy as np

from annotations.crowd import posteriors, usual
from annotations.models import Dataset, Decision, Remark, Structure, User
from annotations.services.access import require_sight
from annotations.services.ratings import differing, ratings_of
from annotations.services.said import Said, codes_of, who_said
from annotations.services.sheets import Layout, Positions, packed
from annotations.services.tallies import tally_of
from annotations.services.tally import Tally

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
    manager has decided about. Answers are those of half a second ago at most."""
    require_sight(user=by, project=dataset.project)
    limit = max(1, min(limit, MOST_LISTED))
    with tally_of(dataset=dataset, structure=structure) as tally:
        layout = tally.layout
        decisions = _decisions(dataset, structure, layout)
        differ = np.flatnonzero(differing(tally.sheet))
        if not decided:
            differ = np.setdiff1d(differ, np.array(list(decisions), dtype=np.int64))
        page = differ[differ >= cursor][: limit + 1]
        shown = page[:limit]
        codes = codes_of(tally.sheet, shown)
        probabilities = _probabilities(tally, shown)
    remarks = _remarks(dataset, structure, layout)
    said = who_said(codes, len(shown))
    patches = [
        Disagreement(*place, answers, probable, decisions.get(number), remarks.get(number, 0))
        for place, number, answers, probable in zip(
            layout.patches(shown), shown.tolist(), said, probabilities, strict=True
        )
    ]
    return Disagreements(patches, int(page[-1]) if len(page) > limit else None, len(differ))


def _decisions(dataset: Dataset, structure: Structure, layout: Layout) -> dict[int, str]:
    rows = Decision.objects.filter(structure=structure, image__dataset=dataset)
    return {
        position: value
        for (value,), keys in packed(rows, "value")
        for position in layout.positions(keys).tolist()
    }


def _probabilities(tally: Tally, positions: Positions) -> list[float]:
    """Of yes, for each position, from who said what."""
    opinion = tally.opinion
    opinion.estimate(tally.sheet, tally.counts)
    ratings = ratings_of(tally.sheet, opinion.people, positions)
    found: list[float] = posteriors(ratings, opinion.known or usual(len(opinion.people))).tolist()
    return found


def _remarks(dataset: Dataset, structure: Structure, layout: Layout) -> dict[int, int]:
    rows = Remark.objects.filter(structure=structure, image__dataset=dataset)
    counted: dict[int, int] = {}
    for _, keys in packed(rows, "structure_id"):
        for position in layout.positions(keys).tolist():
            counted[position] = counted.get(position, 0) + 1
    return counted
