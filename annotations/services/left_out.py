"""Leaving patches out of what people are asked, and asking about them again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from annotations.errors import Rejected
from annotations.models import Dataset, Image, LeftOut, Role, User
from annotations.services.access import require_role
from annotations.services.answers.batches import MAX_ANSWERS
from annotations.services.holding import hold_for_answers

Cell = tuple[int, int]
BATCH = 2000


@transaction.atomic
def leave_out(*, by: User, image: Image, cells: Iterable[Cell], at: datetime | None = None) -> int:
    """Ask nobody about these patches (row, column) any more; returns how many are new.

    Answers that they have stay and count in training. Safe to send twice. `at` is now by default.
    """
    wanted = _checked(by, image, cells)
    before = LeftOut.objects.filter(image=image).count()
    at = at or timezone.now()
    rows = [LeftOut(image=image, row=row, column=column, by=by, at=at) for row, column in wanted]
    LeftOut.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return LeftOut.objects.filter(image=image).count() - before


@transaction.atomic
def ask_again(*, by: User, image: Image, cells: Iterable[Cell]) -> int:
    """Ask about patches that were left out; returns how many were. Safe to send twice."""
    wanted = set(_checked(by, image, cells))
    left_out = LeftOut.objects.filter(image=image)
    kept = left_out.values_list("row", "column", "pk")
    keys = [pk for row, column, pk in kept if (row, column) in wanted]
    return sum(
        LeftOut.objects.filter(pk__in=keys[start : start + BATCH]).delete()[0]
        for start in range(0, len(keys), BATCH)
    )


def _checked(by: User, image: Image, cells: Iterable[Cell]) -> list[Cell]:
    """The patches, each once, on a grid that stays as it is until the end."""
    require_role(user=by, project=image.dataset.project, role=Role.ANNOTATOR)
    if image.state != Image.State.READY:
        raise Rejected(f"{image.name} is not ready to be labelled yet.")
    wanted = list(dict.fromkeys(cells))
    if not 1 <= len(wanted) <= MAX_ANSWERS:
        raise Rejected(f"Send between 1 and {MAX_ANSWERS} patches at a time.", field="cells")
    hold_for_answers(dataset=image.dataset_id, person=by.pk)
    image.dataset = _dataset_of(image)
    grid = image.grid
    for row, column in wanted:
        if not (0 <= row < grid.rows and 0 <= column < grid.columns):
            raise Rejected(
                f"{image.name} has {grid.rows} x {grid.columns} patches: "
                f"there is none at row {row}, column {column}.",
                field="cells",
            )
    return wanted


def _dataset_of(image: Image) -> Dataset:
    """As it is now; while somebody waited to hold it, the image may have gone."""
    dataset = Dataset.objects.filter(images=image.pk).select_related("project").first()
    if dataset is None:
        raise Rejected(f"{image.name} has been deleted.")
    return dataset


def count_left_out(images: QuerySet[Image]) -> dict[int, int]:
    """How many patches are left out, by image. One query."""
    rows = LeftOut.objects.filter(image__in=images.order_by()).order_by().values_list("image_id")
    return dict(rows.annotate(patches=Count("pk")))
