"""Another patch grid for a data set whose patches are answered already."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.errors import Rejected
from annotations.models import (
    Dataset,
    Decision,
    FormerGrid,
    FormerLabel,
    Image,
    Label,
    Lease,
    LeftOut,
    ModelPatch,
    PatchGuesses,
    PatchScores,
    Remark,
    Repeat,
    Role,
    User,
)
from annotations.models.dataset import MAX_PATCH_SIZE, MIN_PATCH_SIZE
from annotations.services.access import require_role
from annotations.services.grid_answers import Move, carried_answers, former_grids, portions
from annotations.services.holding import hold_patches
from annotations.services.telling import Tell, nobody


@dataclass(frozen=True)
class GridChange:
    """What changing the grid does to the answers, in numbers of answers.

    answers: given on the grid of today, and kept with it. restored: given on the new grid when it
    was used before. carried: follow from the answers of today where nothing is restored.
    """

    answers: int
    restored: int
    carried: int


def check_grid(*, patch_size: int, overlap: int) -> None:
    """Reject what the database would."""
    if not MIN_PATCH_SIZE <= patch_size <= MAX_PATCH_SIZE:
        raise Rejected(
            f"The patch size is between {MIN_PATCH_SIZE} and {MAX_PATCH_SIZE} px.",
            field="patch_size",
        )
    if not 0 <= overlap <= patch_size // 2:
        raise Rejected(
            f"Patches of {patch_size} px overlap by 0 to {patch_size // 2} px.", field="overlap"
        )


def plan_grid(
    *,
    by: User,
    dataset: Dataset,
    patch_size: int,
    overlap: int,
    transfer: bool,
    tell: Tell = nobody,
) -> GridChange:
    """What `change_grid` would do, without doing it."""
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    check_grid(patch_size=patch_size, overlap=overlap)
    labels = Label.objects.filter(image__dataset=dataset)
    answers = labels.count()
    if (patch_size, overlap) == (dataset.patch_size, dataset.overlap):
        return GridChange(answers, answers, 0)
    former = FormerLabel.objects.filter(
        grid__in=former_grids(dataset, patch_size, overlap), image__state=Image.State.READY
    )
    restored, carried = former.count(), 0
    there = former if restored else None
    for share, images in _shares(labels, former) if transfer else ():
        tell(share, "Counting answers that follow")
        found = carried_answers(
            dataset, labels.filter(image__in=images), there, patch_size, overlap
        )
        carried += sum(int(np.count_nonzero(codes)) for _, codes in found)
    return GridChange(answers, restored, carried)


@transaction.atomic
def change_grid(
    *,
    by: User,
    dataset: Dataset,
    patch_size: int,
    overlap: int,
    transfer: bool,
    tell: Tell = nobody,
) -> GridChange:
    """Put another patch grid over the images of a data set, all of it or nothing.

    The answers on the old grid are kept with it, and are back when it is chosen again. With
    `transfer`, answers are carried over where they follow from what was said; the rule is in
    `annotations.imaging.grid_transfer`, each one is in the history. Models and results keep the
    grid they were made on, and a running training goes on with the answers that it has read.
    """
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    check_grid(patch_size=patch_size, overlap=overlap)
    # No answer can arrive between the look and the change.
    hold_patches([dataset.pk], cutting=True)
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    labels = Label.objects.filter(image__dataset=dataset)
    answers = labels.count()
    if (patch_size, overlap) == (dataset.patch_size, dataset.overlap):
        return GridChange(answers, answers, 0)
    refuse_while_reviewed(dataset)
    restored, carried = _move(by, dataset, patch_size, overlap, transfer, tell)
    forget_what_is_handed_out(dataset)
    dataset.patch_size, dataset.overlap = patch_size, overlap
    dataset.save(update_fields=["patch_size", "overlap"])
    return GridChange(answers, restored, carried)


def _move(
    by: User, dataset: Dataset, patch_size: int, overlap: int, transfer: bool, tell: Tell
) -> tuple[int, int]:
    """How many answers came back and how many followed."""
    now = timezone.now()
    labels = Label.objects.filter(image__dataset=dataset)
    former = list(former_grids(dataset, patch_size, overlap).values_list("pk", flat=True))
    coming = FormerLabel.objects.filter(grid__in=former)
    # Before anything is moved: a portion is about answers where they are now.
    shares = list(_shares(labels, coming))
    kept = _keep_grid(by, dataset, now) if labels.exists() else None
    move = Move(dataset, kept, former, patch_size, overlap, transfer, now)
    restored = carried = 0
    for share, images in shares:
        tell(share, "Moving answers")
        more = move.move(images)
        restored, carried = restored + more[0], carried + more[1]
    FormerGrid.objects.filter(pk__in=former).delete()
    return restored, carried


def _shares(
    labels: QuerySet[Label], former: QuerySet[FormerLabel]
) -> Iterator[tuple[float, list[int]]]:
    """Images, some at a time, and which share of the answers comes before them."""
    parts, done = portions(labels, former), 0
    total = sum(part.answers for part in parts)
    for part in parts:
        yield done / total, part.images
        done += part.answers


def _keep_grid(by: User, dataset: Dataset, now: datetime) -> FormerGrid:
    return FormerGrid.objects.create(
        dataset=dataset,
        patch_size=dataset.patch_size,
        overlap=dataset.overlap,
        replaced_by=by,
        replaced_at=now,
    )


def refuse_while_reviewed(dataset: Dataset) -> None:
    """Decisions, examples and remarks are about patches of this grid, and have no other place."""
    for model, word in (
        (Decision, "decided about by a manager"),
        (ModelPatch, "kept as examples or for calibration"),
        (Remark, "remarked on"),
        (Repeat, "answered a second time"),
    ):
        rows: QuerySet[Any] = model._default_manager.filter(image__dataset=dataset)
        if count := rows.count():
            which = "1 of its patches is" if count == 1 else f"{count} of its patches are"
            raise Rejected(
                f"The grid cannot change: {which} {word}. Make a new data set for another grid.",
                field="patch_size",
            )


def forget_what_is_handed_out(dataset: Dataset) -> None:
    """Loans and scores come anew by themselves; empty patches of the new grid are other ones."""
    Lease.objects.filter(image__dataset=dataset).delete()
    PatchScores.objects.filter(image__dataset=dataset).delete()
    PatchGuesses.objects.filter(image__dataset=dataset).delete()
    LeftOut.objects.filter(image__dataset=dataset).delete()
