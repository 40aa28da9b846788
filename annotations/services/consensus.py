"""What all annotators together say about a patch: by the rule of the project, or a manager."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count

from annotations.models import Dataset, Decision, Image, Label, Project, Structure
from annotations.models.label import Answer
from annotations.services.posterior import posterior_answers

Key = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class PatchAnswer:
    image: int
    row: int
    column: int
    structure: int
    present: bool


def consensus(*, dataset: Dataset, structures: Iterable[int]) -> list[PatchAnswer]:
    """One answer for each patch that the rule of the project can decide; it changes nobody's.

    Majority: of yes and no; unanimous: nobody who said yes or no differs; posterior: yes or no is
    as probable as the project asks; manager: decisions alone. Unsure counts in none. A manager's
    decision outweighs every rule; one of "unsure" leaves the patch out.
    """
    structures = list(structures)
    found = _by_rule(dataset, structures)
    for key, value in _decisions(dataset, structures).items():
        found.pop(key, None)
        if value != Answer.UNSURE:
            found[key] = value == Answer.YES
    return [PatchAnswer(*key, present=present) for key, present in sorted(found.items())]


def _by_rule(dataset: Dataset, structures: list[int]) -> dict[Key, bool]:
    project = Project.objects.get(pk=dataset.project_id)
    if project.consensus == Project.Consensus.MANAGER:
        return {}
    if project.consensus == Project.Consensus.POSTERIOR:
        asked = Structure.objects.filter(pk__in=structures, project=project)
        least = project.consensus_probability
        return {
            (image, row, column, structure.pk): present
            for structure in asked
            for (image, row, column), present in posterior_answers(dataset, structure, least)
        }
    unanimous = project.consensus == Project.Consensus.UNANIMOUS
    return _by_votes(_votes(dataset, structures), unanimous=unanimous)


def _by_votes(votes: Mapping[Key, list[int]], *, unanimous: bool) -> dict[Key, bool]:
    """`votes` holds how many said no, and how many yes."""
    return {
        key: yes > no
        for key, (no, yes) in votes.items()
        if yes != no and not (unanimous and yes and no)
    }


def _votes(dataset: Dataset, structures: list[int]) -> dict[Key, list[int]]:
    answers = Label.objects.filter(
        image__dataset=dataset,
        image__state=Image.State.READY,
        structure__in=structures,
        value__in=(Answer.YES, Answer.NO),
    )
    keys = ("image_id", "row", "column", "structure_id", "value")
    votes: dict[Key, list[int]] = {}
    counted = answers.order_by().values_list(*keys).annotate(count=Count("pk"))
    for image, row, column, structure, value, count in counted:
        both = votes.setdefault((image, row, column, structure), [0, 0])
        both[value == Answer.YES] = count
    return votes


def _decisions(dataset: Dataset, structures: list[int]) -> dict[Key, str]:
    rows = Decision.objects.filter(
        image__dataset=dataset, image__state=Image.State.READY, structure__in=structures
    )
    keys = ("image_id", "row", "column", "structure_id", "value")
    return {
        (image, row, column, structure): value
        for image, row, column, structure, value in rows.values_list(*keys)
    }
