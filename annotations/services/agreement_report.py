"""How well people agree about a structure, and how well each of them does."""

from dataclasses import asdict, dataclass
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
from django.db.models import Count
from numpy.typing import NDArray

from annotations.agreement import counted_alpha, fleiss_kappa, table_kappa
from annotations.models import Dataset, ModelPatch, Repeat, Structure, User
from annotations.models.label import Answer
from annotations.services.access import require_sight
from annotations.services.agreement_tables import AgreementTables, Table
from annotations.services.ratings import NO, UNSURE, YES
from annotations.services.sheets import Positions, Sheet, packed
from annotations.services.tallies import tallies_of
from annotations.services.tally import Tally


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
    """Compare all answers about the structure as they are now; unsure counts as not answered."""
    require_sight(user=by, project=dataset.project)
    with tallies_of(dataset=dataset, structures=[structure.pk], timed=True) as tallies:
        tally = tallies[structure.pk]
        tables = tally.counted()
        whole = tables.all()
        fleiss, raters = _fleiss(whole)
        return AgreementReport(
            patches=int(np.count_nonzero(tally.counts)),
            shared=_shared(whole),
            disagreeing=int(whole.votes[1:, 1:].sum()),
            alpha=_alpha(whole),
            fleiss=fleiss,
            raters=raters,
            pairs=_pairs(whole, tables.people),
            people=_people(dataset, structure, tally, whole),
            weeks=_weeks(tables),
        )


def _kinds(table: Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(kinds, 2) how many noes and yeses patches got, and (kinds,) how many patches."""
    noes, yeses = np.nonzero(table.votes)
    return np.stack([noes, yeses], axis=1), table.votes[noes, yeses]


def _shared(table: Table) -> int:
    kinds, times = _kinds(table)
    return int(times[kinds.sum(axis=1) >= 2].sum())


def _alpha(table: Table) -> float | None:
    return _number(counted_alpha(*_kinds(table)))


def _fleiss(table: Table) -> tuple[float | None, int]:
    """Over the patches with the most usual number of answers above one, which it needs."""
    kinds, times = _kinds(table)
    answers = kinds.sum(axis=1)
    several = answers >= 2
    if not several.any():
        return None, 0
    raters = int(np.bincount(answers[several], weights=times[several]).argmax())
    usual = answers == raters
    return _number(fleiss_kappa(kinds[usual], times[usual])), raters


def _pairs(table: Table, people: list[int]) -> list[Pair]:
    found = []
    for one, two in combinations(range(len(people)), 2):
        said = table.pairs[one, two]
        both = int(said.sum())
        if both:
            same = int(np.trace(said)) / both
            found.append(Pair(people[one], people[two], both, same, _number(table_kappa(said))))
    return found


def _people(
    dataset: Dataset, structure: Structure, tally: Tally, table: Table
) -> list[PersonAgreement]:
    """Everybody who has answered about the structure."""
    people = sorted(tally.sheet.codes)
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "username"))
    known = tally.reliabilities()
    truth = _known(dataset, structure, tally.sheet)
    repeats = _repeats(dataset, structure)
    rows = []
    for place, person in enumerate(people):
        codes = tally.sheet.of(person)
        answers = int(np.count_nonzero(codes))
        if not answers:
            # Asked for patches, and has not answered yet.
            continue
        same, total = repeats.get(person, (0, 0))
        rows.append(
            PersonAgreement(
                id=person,
                name=names[person],
                answers=answers,
                yes=int(np.count_nonzero(codes == YES)),
                no=int(np.count_nonzero(codes == NO)),
                unsure=int(np.count_nonzero(codes == UNSURE)),
                reliability=None if known is None else float(known.right[place]),
                with_others=_with_others(table.margins[place]),
                with_known=_share(codes[truth[0]], truth[1]),
                with_self=same / total if total else None,
                repeats=total,
            )
        )
    return rows


def _with_others(margins: NDArray[np.int64]) -> float | None:
    """Share of their yes and no that the majority of the others shares; ties do not count.

    Args:
        margins: (2, 2 * people + 1), as a table has them of one person.
    """
    above = np.arange(margins.shape[1]) - margins.shape[1] // 2
    # Without the person's own vote.
    others_no, others_yes = above + 1, above - 1
    told = margins[0][others_no != 0].sum() + margins[1][others_yes != 0].sum()
    same = margins[0][others_no < 0].sum() + margins[1][others_yes > 0].sum()
    return float(same / told) if told else None


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


def _weeks(tables: AgreementTables) -> list[Week]:
    """By the week in which a patch was answered last."""
    weeks = []
    for start, table in sorted(tables.by_week.items()):
        shared = _shared(table)
        if start and shared:
            pairs = _pairs(table, tables.people)
            weeks.append(Week(date.fromordinal(start), shared, _alpha(table), pairs))
    return weeks


def _number(value: float) -> float | None:
    """JSON knows no NaN."""
    return None if np.isnan(value) else float(value)
