"""Answering: the one thing we ask of people."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from annotations.errors import Rejected
from annotations.models import Image, Label, LabelChange, Role, Structure, User
from annotations.models.label import Answer
from annotations.services.access import require_role

MAX_CELLS = 10_000
Cell = tuple[int, int]


def label_patches(
    *,
    by: User,
    image: Image,
    structure: Structure,
    cells: Iterable[Cell],
    value: Answer | None,
) -> int:
    """Set one person's answer about one structure on patches of one image.

    `cells` are (row, column); `value` None takes the answer back. Safe to send twice. Returns how
    many answers changed; each change is in the history. Rejected, with nothing written: a patch
    outside the grid, a structure of another project, an image that is not ready.
    """
    require_role(user=by, project=image.dataset.project, role=Role.ANNOTATOR)
    with transaction.atomic():
        image = _held(image)
        wanted = _checked_cells(image, structure, cells)
        current = _current(by, image, structure)
        changes = _changes(by, image, structure, wanted, current, value)
        _write(by, image, structure, changes, value)
    return len(changes)


def _held(image: Image) -> Image:
    """The image as it is now, locked with its data set until the end of the transaction.

    Against a change of the patch size and a deletion; the data set is also the one order for
    everybody who answers, so that there is no deadlock.
    """
    rows = Image.objects.select_for_update().select_related("dataset")
    found = rows.filter(pk=image.pk).first()
    if found is None:
        raise Rejected(f"{image.name} has been deleted.")
    return found


def _checked_cells(image: Image, structure: Structure, cells: Iterable[Cell]) -> list[Cell]:
    if structure.project_id != image.dataset.project_id:
        raise Rejected("This structure belongs to another project.", field="structure")
    if image.state != Image.State.READY:
        raise Rejected(f"{image.name} is not ready to be labelled yet.")
    wanted = list(dict.fromkeys(cells))
    if not 1 <= len(wanted) <= MAX_CELLS:
        raise Rejected(f"Send between 1 and {MAX_CELLS} patches at a time.", field="cells")
    grid = image.grid
    for row, column in wanted:
        if not grid.contains(row, column):
            raise Rejected(
                f"There is no patch at row {row}, column {column}: {image.name} has "
                f"{grid.rows} rows and {grid.columns} columns.",
                field="cells",
            )
    return wanted


def _current(by: User, image: Image, structure: Structure) -> dict[Cell, str]:
    rows = Label.objects.filter(annotator=by, image=image, structure=structure)
    return {
        (row, column): value for row, column, value in rows.values_list("row", "column", "value")
    }


def _changes(
    by: User,
    image: Image,
    structure: Structure,
    wanted: list[Cell],
    current: dict[Cell, str],
    value: Answer | None,
) -> list[LabelChange]:
    new, now = value or "", timezone.now()
    return [
        LabelChange(
            image=image,
            structure=structure,
            annotator=by,
            row=row,
            column=column,
            old=current.get((row, column), ""),
            new=new,
            at=now,
        )
        for row, column in wanted
        if current.get((row, column), "") != new
    ]


def _write(
    by: User,
    image: Image,
    structure: Structure,
    changes: Sequence[LabelChange],
    value: Answer | None,
) -> None:
    LabelChange.objects.bulk_create(changes, batch_size=2000)
    if value is None:
        _clear(by, image, structure, changes)
    else:
        _set(changes, value)


def _set(changes: Sequence[LabelChange], value: Answer) -> None:
    labels = [
        Label(
            image=change.image,
            structure=change.structure,
            annotator=change.annotator,
            row=change.row,
            column=change.column,
            value=value,
            updated_at=change.at,
        )
        for change in changes
    ]
    Label.objects.bulk_create(
        labels,
        batch_size=2000,
        update_conflicts=True,
        update_fields=["value", "updated_at"],
        unique_fields=["image", "structure", "annotator", "row", "column"],
    )


def _clear(by: User, image: Image, structure: Structure, changes: Sequence[LabelChange]) -> None:
    gone = {(change.row, change.column) for change in changes}
    mine = Label.objects.filter(annotator=by, image=image, structure=structure)
    keys = [
        pk for pk, row, column in mine.values_list("pk", "row", "column") if (row, column) in gone
    ]
    for start in range(0, len(keys), 500):
        Label.objects.filter(pk__in=keys[start : start + 500]).delete()
