"""What all annotators together say about a patch."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from annotations.models import Dataset, Image, Label
from annotations.models.label import Answer


@dataclass(frozen=True, slots=True)
class PatchAnswer:
    image: int
    row: int
    column: int
    structure: int
    present: bool


def consensus(*, dataset: Dataset, structures: Iterable[int]) -> list[PatchAnswer]:
    """The majority of yes and no for each answered patch; unsure does not count, nor does a tie."""
    balance: dict[tuple[int, int, int, int], int] = {}
    for image, row, column, structure, value, count in _votes(dataset, structures):
        key = image, row, column, structure
        balance[key] = balance.get(key, 0) + (count if value == Answer.YES else -count)
    return [PatchAnswer(*key, present=votes > 0) for key, votes in balance.items() if votes]


def _votes(
    dataset: Dataset, structures: Iterable[int]
) -> Iterable[tuple[int, int, int, int, str, int]]:
    answers = Label.objects.filter(
        image__dataset=dataset,
        image__state=Image.State.READY,
        structure__in=list(structures),
        value__in=(Answer.YES, Answer.NO),
    )
    keys = ("image_id", "row", "column", "structure_id", "value")
    return answers.order_by().values_list(*keys).annotate(count=Count("pk")).order_by(*keys)
