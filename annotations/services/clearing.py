"""Empty patches of many images, answered with no or left out at one wish, and taken back.

What a wish has done is known by its time, which the answers or the patches left out bear until
somebody changes them. So it can be done twice, go on after a kill, and be taken back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import QuerySet

from annotations.models import Dataset, Image, Label, LeftOut, Role, Structure, User
from annotations.models.label import Answer
from annotations.services.access import require_role
from annotations.services.answers.batches import record_answers
from annotations.services.answers.given import Given, GridNamed
from annotations.services.empty import known_empty
from annotations.services.left_out import Cell, ask_again, leave_out
from annotations.services.telling import Tell, nobody

# Written in one go: so long at most do others wait where the database has one writer.
AT_ONCE = 1000


@dataclass(frozen=True)
class Cleared:
    """How many patches of how many images were answered or left out, or are so no more."""

    images: int
    patches: int


def clear_empties(
    *,
    by: User,
    dataset: Dataset,
    structure: Structure | None,
    images: Sequence[int],
    at: datetime,
    tell: Tell = nobody,
) -> Cleared:
    """Answer empty patches with no about a structure, or leave them out where none is given.

    Answered are those about which the person has said nothing, left out those about which nobody
    has; of either, those that are asked about. Images in which nobody has looked are passed over.
    """
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    for image in _told(images, dataset, tell):
        for part in _parts(open_empties(by=by, structure=structure, images=[image])[image.pk]):
            if structure is None:
                leave_out(by=by, image=image, cells=part, at=at)
            else:
                _answer(by, image, structure, part, Answer.NO, at)
    return _done(by, dataset, structure, at)


def take_back(
    *,
    by: User,
    dataset: Dataset,
    structure: Structure | None,
    images: Sequence[int],
    at: datetime,
    tell: Tell = nobody,
) -> Cleared:
    """Undo what `clear_empties` did at that time, except where somebody said otherwise since."""
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    done = _done(by, dataset, structure, at)
    for image in _told(images, dataset, tell):
        rows = _made(by, structure, at, image=image).values_list("row", "column")
        for part in _parts(list(rows)):
            if structure is None:
                ask_again(by=by, image=image, cells=part)
            else:
                _answer(by, image, structure, part, "", None)
    return done


def open_empties(
    *, by: User, structure: Structure | None, images: Sequence[Image]
) -> dict[int, list[Cell]]:
    """What `clear_empties` would do in these images, by their keys. Two queries."""
    answers = Label.objects.filter(image__in=images).order_by()
    if structure is not None:
        answers = answers.filter(structure=structure, annotator=by)
    taken: dict[int, set[Cell]] = {image.pk: set() for image in images}
    for rows in (answers, LeftOut.objects.filter(image__in=images).order_by()):
        for image, *cell in rows.values_list("image_id", "row", "column"):
            taken[image].add((cell[0], cell[1]))
    return {image.pk: [c for c in _empties(image) if c not in taken[image.pk]] for image in images}


def _empties(image: Image) -> list[Cell]:
    found = known_empty(image=image)
    return [] if found is None else [(row, column) for row, column in np.argwhere(found).tolist()]


def _told(keys: Sequence[int], dataset: Dataset, tell: Tell) -> Iterator[Image]:
    """The images that are still there, and how many came before each."""
    for number, key in enumerate(keys):
        ready = dataset.images.ready().select_related("dataset__project")
        if image := ready.filter(pk=key).first():
            tell(number / len(keys), image.name)
            yield image


def _parts(cells: Sequence[Cell]) -> Iterator[Sequence[Cell]]:
    for start in range(0, len(cells), AT_ONCE):
        yield cells[start : start + AT_ONCE]


def _answer(
    by: User,
    image: Image,
    structure: Structure,
    cells: Iterable[Cell],
    value: str,
    at: datetime | None,
) -> None:
    answers = [Given(image.pk, structure.pk, row, column, value, at) for row, column in cells]
    grid = GridNamed(image.dataset.patch_size, image.dataset.overlap)
    record_answers(by=by, dataset=image.dataset, answers=answers, grid=grid)


def _made(by: User, structure: Structure | None, at: datetime, **where: Any) -> QuerySet[Any]:
    """What bears the time of a wish."""
    if structure is None:
        return LeftOut.objects.filter(by=by, at=at, **where)
    return Label.objects.filter(annotator=by, structure=structure, updated_at=at, **where)


def _done(by: User, dataset: Dataset, structure: Structure | None, at: datetime) -> Cleared:
    made = _made(by, structure, at, image__dataset=dataset).order_by()
    images = made.values_list("image_id", flat=True)
    return Cleared(images.distinct().count(), made.count())
