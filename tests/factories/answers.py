"""What people say about images."""

from django.utils import timezone

from annotations.models import Image, Label, Reference, Structure, User
from annotations.models.label import Answer


def make_reference(
    *, image: Image, structure: Structure, origin: str = Reference.Origin.MASK
) -> Reference:
    """A reference row; its labels are not on disk."""
    return Reference.objects.create(
        image=image,
        structure=structure,
        origin=origin,
        name="nuclei.png",
        object_count=3,
        area_px=70,
        created_by=image.dataset.created_by,
    )


def make_label(
    *,
    image: Image,
    structure: Structure,
    annotator: User,
    row: int = 0,
    column: int = 0,
    value: Answer = Answer.YES,
) -> Label:
    return Label.objects.create(
        image=image,
        structure=structure,
        annotator=annotator,
        row=row,
        column=column,
        value=value,
        updated_at=timezone.now(),
    )
