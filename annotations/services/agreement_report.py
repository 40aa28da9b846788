"""How well people agree about a structure, and how well each of them does."""

from dataclasses import asdict, dataclass
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncWeek
from numpy.typing import NDArray

from annotations.agreement import (
    MISSING,
    answer_counts,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
)
from annotations.crowd import reliabilities
from annotations.models import Dataset, Label, ModelPatch, Repeat, Structure, User
from annotations.models.label import Answer
from annotations.services.access import require_sight
from annotations.services.ratings import NO, UNSURE, YES, ratings_of
from annotations.services.sheets import Positions, Sheet, packed, read_sheet

Ratings = NDArray[np.int8]


@dataclass(frozen=True)
class Pair:
    """Two people: on how many patches both said yes or no, how often the same, Cohen's kappa."""

    first: int
    second: int
    patches: int
    same: float | None
    kappa: float | None


@dataclass(frozen=True)
class Week:
    """Agreement on the patches that were first answered twice or more in a week."""

    start: date
    patches: int
    alpha: float | None
    pairs: list[Pair]


@dataclass(frozen=True)
class PersonAgreement:
    """One annotator; shares are 0 to 1 and None where there is nothing to compare with."""

    id: int
    name: str
    answers: int
    yes: int
    no: int
    unsure: int
    # Probability of a right answer, by Dawid and Skene.
    reliability: float | None
    # Shares of the same yes or no: as the others' majority, as the known answers, as themselves.
    with_others: float | None
    with_known: float | None
    with_self: float | None
    repeats: int


@dataclass(frozen=True)
class AgreementReport:
    """Alpha is Krippendorff's, over all; Fleiss' kappa over the patches with `raters` answers."""

    patches: int
    shared: int
    disagreeing: int
    alpha: float | None
    fleiss: float | None
    raters: int
    pairs: list[Pair]
    people: list[PersonAgreement]
    weeks: list[Week]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def agreement_report(*, by: User, dataset: Dataset, structure: Structure) -> AgreementReport:
    """Read all answers about the structure and compare them; unsure counts as not answered."""
    require_sight(user=by, project=dataset.project)
    sheet = read_sheet(dataset=dataset, structure=structure)
    people = sorted(sheet.codes)
    answered = np.flatnonzero(sheet.counts())
    ratings = ratings_of(sheet, people, answered)
    shared = (ratings != MISSING).sum(axis=1) >= 2
    counts = answer_counts(ratings, 2)
    fleiss, raters = _fleiss(counts)
    return AgreementReport(
        patches=len(answered),
        shared=int(shared.sum()),
        disagreeing=int((counts > 0).all(axis=1).sum()),
        alpha=_number(krippendorff_alpha(ratings, 2)),
        fleiss=fleiss,
        raters=raters,
        pairs=_pairs(ratings, people),
        people=_people(dataset, structure, sheet, people, ratings),
        weeks=_weeks(dataset, structure, sheet, (ratings, people), answered),
    )


def _fleiss(counts: NDArray[np.int64]) -> tuple[float | None, int]:
    """Over the patches with the most usual number of answers above one, which it needs."""
    answers = counts.sum(axis=1)
    usual = np.bincount(answers[answers >= 2]) if (answers >= 2).any() else np.zeros(0)
    if not len(usual):
        return None, 0
    raters = int(usual.argmax())
    return _number(fleiss_kappa(counts[answers == raters])), raters


def _pairs(ratings: Ratings, people: list[int]) -> list[Pair]:
    found = []
    for one, two in combinations(range(len(people)), 2):
        first, second = ratings[:, one], ratings[:, two]
        both = (first != MISSING) & (second != MISSING)
        if both.any():
            same = float((first[both] == second[both]).mean())
            kappa = _number(cohen_kappa(first, second))
            found.append(Pair(people[one], people[two], int(both.sum()), same, kappa))
    return found


def _people(
    dataset: Dataset, structure: Structure, sheet: Sheet, people: list[int], ratings: Ratings
) -> list[PersonAgreement]:
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "username"))
    known = reliabilities(ratings)
    truth = _known(dataset, structure, sheet)
    repeats = _repeats(dataset, structure)
    counts = answer_counts(ratings, 2)
    rows = []
    for place, person in enumerate(people):
        codes = sheet.of(person)
        same, total = repeats.get(person, (0, 0))
        rows.append(
            PersonAgreement(
                id=person,
                name=names[person],
                answers=int(np.count_nonzero(codes)),
                yes=int((codes == YES).sum()),
                no=int((codes == NO).sum()),
                unsure=int((codes == UNSURE).sum()),
                reliability=None if known is None else float(known.right[place]),
                with_others=_with_others(ratings[:, place], counts),
                with_known=_share(codes[truth[0]], truth[1]),
                with_self=same / total if total else None,
                repeats=total,
            )
        )
    return rows


def _with_others(own: Ratings, counts: NDArray[np.int64]) -> float | None:
    """Share of their yes and no that the majority of the others shares; ties do not count."""
    others = counts - (own[:, None] == np.arange(2))
    majority = np.sign(others[:, 1] - others[:, 0])
    told = (own != MISSING) & (majority != 0)
    return float(((majority[told] > 0) == (own[told] == 1)).mean()) if told.any() else None


def _known(
    dataset: Dataset, structure: Structure, sheet: Sheet
) -> tuple[Positions, NDArray[np.int8]]:
    """Positions and codes of the patches whose answer is known."""
    rows = ModelPatch.objects.filter(
        structure=structure, image__dataset=dataset, use=ModelPatch.Use.CALIBRATION
    )
    places, values = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int8)]
    for (value,), keys in packed(rows, "value"):
        code = {Answer.YES: YES, Answer.NO: NO, Answer.UNSURE: UNSURE}[Answer(value)]
        positions = sheet.layout.positions(keys)
        places.append(positions[positions >= 0])
        values.append(np.full(len(places[-1]), code, dtype=np.int8))
    return np.concatenate(places), np.concatenate(values)


def _share(own: NDArray[np.int8], truth: NDArray[np.int8]) -> float | None:
    given = own != 0
    return float((own[given] == truth[given]).mean()) if given.any() else None


def _repeats(dataset: Dataset, structure: Structure) -> dict[int, tuple[int, int]]:
    """For each person, how many second answers were the same, and how many there are."""
    rows = Repeat.objects.filter(structure=structure, image__dataset=dataset).order_by()
    counted: list[tuple[int, str, str, int]] = list(
        rows.values_list("annotator_id", "first", "second").annotate(Count("pk"))
    )
    found: dict[int, tuple[int, int]] = {}
    for person, first, second, count in counted:
        same, total = found.get(person, (0, 0))
        found[person] = same + count * (first == second), total + count
    return found


def _weeks(
    dataset: Dataset,
    structure: Structure,
    sheet: Sheet,
    rated: tuple[Ratings, list[int]],
    answered: Positions,
) -> list[Week]:
    """By the week in which a patch was answered last."""
    ratings, people = rated
    last = np.zeros(sheet.layout.size, dtype=np.int64)
    for (week,), keys in packed(_with_weeks(dataset, structure), "week"):
        positions = sheet.layout.positions(keys)
        positions = positions[positions >= 0]
        last[positions] = np.maximum(last[positions], week.toordinal())
    weeks = []
    for start in np.unique(last[answered]):
        own = ratings[last[answered] == start]
        shared = int(((own != MISSING).sum(axis=1) >= 2).sum())
        if start and shared:
            alpha = _number(krippendorff_alpha(own, 2))
            pairs = _pairs(own, people)
            weeks.append(Week(date.fromordinal(int(start)), shared, alpha, pairs))
    return weeks


def _with_weeks(dataset: Dataset, structure: Structure) -> QuerySet[Any]:
    rows: QuerySet[Any] = Label.objects.filter(structure=structure, image__dataset=dataset)
    weeks: QuerySet[Any] = rows.annotate(week=TruncWeek("updated_at"))
    return weeks


def _number(value: float) -> float | None:
    """JSON knows no NaN."""
    return None if np.isnan(value) else float(value)
