"""What managers say about patches: decisions, remarks, examples and known answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from annotations.errors import Rejected
from annotations.models import (
    Dataset,
    Decision,
    Membership,
    ModelPatch,
    Remark,
    Role,
    Structure,
    User,
)
from annotations.models.label import Answer
from annotations.services.access import require_role
from annotations.services.answers.checks import checked_grid
from annotations.services.answers.given import Given
from annotations.services.holding import hold_grid, hold_patches

MOST_DECISIONS = 10_000
MOST_EXAMPLES = 24
Cell = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A patch and what it is asked about."""

    dataset: Dataset
    structure: Structure
    image: int
    row: int
    column: int

    def hold(self, value: str = "") -> None:
        """Keep the patch until the end of the transaction.

        Rejected where there is none, where the structure is of another project, and while the grid
        is being changed: what is said of a patch has no other place.
        """
        hold_grid(dataset=self.dataset.pk)
        given = Given(self.image, self.structure.pk, self.row, self.column, value)
        checked_grid(self.dataset, [given])


def decide(
    *, by: User, dataset: Dataset, structure: Structure, decided: Sequence[tuple[Cell, Answer]]
) -> int:
    """Put a manager's word on patches: it outweighs the answers and changes none; how many."""
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    if not 1 <= len(decided) <= MOST_DECISIONS:
        raise Rejected(f"Decide about 1 to {MOST_DECISIONS} patches at a time.", field="decisions")
    values = dict(decided)
    with transaction.atomic():
        hold_patches([dataset.pk])
        _check(dataset, structure, values)
        now = timezone.now()
        rows = [
            Decision(
                image_id=image,
                structure=structure,
                row=row,
                column=column,
                value=value,
                by=by,
                at=now,
            )
            for (image, row, column), value in values.items()
        ]
        Decision.objects.bulk_create(
            rows,
            batch_size=2000,
            update_conflicts=True,
            update_fields=["value", "by", "at"],
            unique_fields=["image", "structure", "row", "column"],
        )
    return len(rows)


def undecide(*, by: User, dataset: Dataset, structure: Structure, cells: Sequence[Cell]) -> int:
    """Take decisions back: the rule of the project counts again; how many there were."""
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    wanted = set(cells)
    rows = Decision.objects.filter(
        structure=structure, image__dataset=dataset, image__in={image for image, _, _ in wanted}
    )
    keys = [
        pk
        for pk, image, row, column in rows.values_list("pk", "image_id", "row", "column")
        if (image, row, column) in wanted
    ]
    return Decision.objects.filter(pk__in=keys).delete()[0]


@transaction.atomic
def remark(*, by: User, place: Place, text: str, sent_to: User | None = None) -> Remark:
    """Say something about a patch; with a person, ask them to look at it again.

    Their answer stays until they give another one, which also does what was asked.
    """
    require_role(user=by, project=place.dataset.project, role=Role.MANAGER)
    place.hold()
    if not text.strip() and sent_to is None:
        raise Rejected("Write what there is to say, or choose who looks again.", field="text")
    members = Membership.objects.filter(project=place.dataset.project_id).exclude(role=Role.VIEWER)
    if sent_to is not None and not members.filter(user=sent_to).exists():
        raise Rejected(f"{sent_to.username} may not answer in this project.", field="sent_to")
    return Remark.objects.create(
        image_id=place.image,
        structure=place.structure,
        row=place.row,
        column=place.column,
        text=text.strip(),
        by=by,
        sent_to=sent_to,
    )


def finish_remark(*, by: User, remark: Remark) -> Remark:
    """The person it was sent to, or a manager, has seen to it."""
    if remark.sent_to_id != by.pk:
        require_role(user=by, project=remark.image.dataset.project, role=Role.MANAGER)
    remark.done_at = remark.done_at or timezone.now()
    remark.save(update_fields=["done_at"])
    return remark


@transaction.atomic
def keep_model_patch(
    *, by: User, place: Place, use: ModelPatch.Use, value: Answer, note: str = ""
) -> ModelPatch:
    """Show a patch as an example, or ask everybody about it to see how well they do."""
    require_role(user=by, project=place.dataset.project, role=Role.MANAGER)
    place.hold(value)
    others = ModelPatch.objects.filter(structure=place.structure, use=ModelPatch.Use.EXAMPLE)
    others = others.exclude(image=place.image, row=place.row, column=place.column)
    if use == ModelPatch.Use.EXAMPLE and others.count() >= MOST_EXAMPLES:
        raise Rejected(f"{MOST_EXAMPLES} examples are enough: take one away first.", field="use")
    found, _ = ModelPatch.objects.update_or_create(
        structure=place.structure,
        image_id=place.image,
        row=place.row,
        column=place.column,
        use=use,
        defaults={"value": value, "note": note.strip(), "by": by},
    )
    return found


def drop_model_patch(*, by: User, patch: ModelPatch) -> None:
    require_role(user=by, project=patch.structure.project, role=Role.MANAGER)
    patch.delete()


def _check(dataset: Dataset, structure: Structure, values: dict[Cell, Answer]) -> None:
    given = [
        Given(image, structure.pk, row, column, value)
        for (image, row, column), value in values.items()
    ]
    try:
        checked_grid(dataset, given)
    except Rejected as refusal:
        raise Rejected(refusal.message, field="decisions") from refusal
