"""Another patch grid for a data set whose patches are answered already."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from annotations.errors import Rejected
from annotations.models import (
    Dataset,
    Decision,
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
from annotations.services.grid_answers import (
    carried_answers,
    former_grids,
    restore,
    set_aside,
    write_carried,
)
from annotations.services.holding import hold_patches


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
    *, by: User, dataset: Dataset, patch_size: int, overlap: int, transfer: bool
) -> GridChange:
    """What `change_grid` would do, without doing it."""
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    check_grid(patch_size=patch_size, overlap=overlap)
    labels = Label.objects.filter(image__dataset=dataset)
    if (patch_size, overlap) == (dataset.patch_size, dataset.overlap):
        return GridChange(labels.count(), labels.count(), 0)
    former = FormerLabel.objects.filter(
        grid__in=former_grids(dataset, patch_size, overlap), image__state=Image.State.READY
    )
    carried = carried_answers(dataset, labels, former, patch_size, overlap) if transfer else ()
    return GridChange(labels.count(), former.count(), sum(1 for _ in carried))


@transaction.atomic
def change_grid(
    *, by: User, dataset: Dataset, patch_size: int, overlap: int, transfer: bool
) -> GridChange:
    """Put another patch grid over the images of a data set.

    The answers on the old grid are kept with it, and are back when it is chosen again. With
    `transfer`, answers are carried over where they follow from what was said; the rule is in
    `annotations.imaging.grid_transfer`, each one is in the history. Models and results keep the
    grid they were made on, and a running training goes on with the answers that it has read.
    """
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    check_grid(patch_size=patch_size, overlap=overlap)
    # No answer can arrive between the look and the change.
    hold_patches([dataset.pk])
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    labels = Label.objects.filter(image__dataset=dataset)
    if (patch_size, overlap) == (dataset.patch_size, dataset.overlap):
        return GridChange(labels.count(), labels.count(), 0)
    _refuse_while_reviewed(dataset)
    kept = set_aside(by, dataset, labels)
    restored = restore(dataset, patch_size, overlap)
    carried = 0
    if transfer and kept:
        old = FormerLabel.objects.filter(grid=kept)
        carried = write_carried(
            carried_answers(dataset, old, labels, patch_size, overlap), patch_size, overlap
        )
    _forget_what_is_handed_out(dataset)
    dataset.patch_size, dataset.overlap = patch_size, overlap
    dataset.save(update_fields=["patch_size", "overlap"])
    return GridChange(kept.labels.count() if kept else 0, restored, carried)


def _refuse_while_reviewed(dataset: Dataset) -> None:
    """Decisions, examples and remarks are about patches of this grid, and have no other place."""
    for model, word in (
        (Decision, "decided about by a manager"),
        (ModelPatch, "examples or calibration patches"),
        (Remark, "remarked on"),
        (Repeat, "answered a second time"),
    ):
        rows: QuerySet[Any] = model._default_manager.filter(image__dataset=dataset)
        if count := rows.count():
            raise Rejected(
                f"The grid cannot change: {count} of its patches are {word}. "
                "Make a new data set for another grid.",
                field="patch_size",
            )


def _forget_what_is_handed_out(dataset: Dataset) -> None:
    """Loans and scores come anew by themselves; empty patches of the new grid are other ones."""
    Lease.objects.filter(image__dataset=dataset).delete()
    PatchScores.objects.filter(image__dataset=dataset).delete()
    PatchGuesses.objects.filter(image__dataset=dataset).delete()
    LeftOut.objects.filter(image__dataset=dataset).delete()
