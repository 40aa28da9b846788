"""Answering the same about many patches of one image."""

from collections.abc import Iterable

from annotations.errors import Rejected
from annotations.models import Image, Structure, User
from annotations.models.label import Answer
from annotations.services.answers.batches import MAX_ANSWERS, record_answers
from annotations.services.answers.given import Given
from annotations.services.structures import refuse_foreign

MAX_CELLS = MAX_ANSWERS
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
    wanted = list(dict.fromkeys(cells))
    if not 1 <= len(wanted) <= MAX_CELLS:
        raise Rejected(f"Send between 1 and {MAX_CELLS} patches at a time.", field="cells")
    refuse_foreign(structure, image.dataset)
    answers = [
        Given(image.pk, structure.pk, row, column, value or "", handed=None)
        for row, column in wanted
    ]
    try:
        return record_answers(by=by, dataset=image.dataset, answers=answers).changed
    except Rejected as refusal:
        raise Rejected(
            refusal.message, field="cells" if refusal.field else None, conflict=refusal.conflict
        ) from refusal
