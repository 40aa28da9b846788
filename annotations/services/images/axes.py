"""Saying what the pages of a file are that does not say so itself."""

from collections.abc import Iterable

from django.db import transaction

from annotations.errors import Rejected
from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import ImageHeader
from annotations.imaging.inspect import inspect_file
from annotations.models import Dataset, Image, Role, User
from annotations.services.access import require_role
from annotations.services.holding import hold_patches
from annotations.services.images.rows import describe
from annotations.services.queueing import IMPORT_IMAGE, enqueue

MEANINGS = ("Z", "T", "C")


def say_axes(*, by: User, image: Image, meaning: str) -> Image:
    """Say what an image's pages are; of a ready image, while nothing was made of it.

    Rejected: the file says itself what its pages are, or answers and results hang on the image.
    """
    require_role(user=by, project=image.dataset.project, role=Role.ANNOTATOR)
    header = _header(image, meaning)
    with transaction.atomic():
        # So that no answer arrives between the look and the change.
        hold_patches([image.dataset_id])
        image = Image.objects.select_for_update().get(pk=image.pk)
        _check_changeable(image)
        describe(image, header)
        image.page_axis = meaning
        image.save()
        transaction.on_commit(lambda: enqueue(IMPORT_IMAGE, image.pk))
    return image


def say_axes_of_all(*, by: User, dataset: Dataset, meaning: str) -> int:
    """Give one answer for every image of the data set that waits for one; how many there were."""
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    waiting: Iterable[Image] = dataset.images.filter(state=Image.State.WAITING)
    count = 0
    for image in waiting:
        say_axes(by=by, image=image, meaning=meaning)
        count += 1
    return count


def _header(image: Image, meaning: str) -> ImageHeader:
    if meaning not in MEANINGS:
        raise Rejected("Pages are z planes (Z), time points (T) or channels (C).", field="meaning")
    if image.state != Image.State.WAITING and not image.page_axis:
        raise Rejected(
            f"{image.name}: the file says itself what its pages are ({image.axes}).",
            field="meaning",
        )
    try:
        return inspect_file(image.original, name=image.name, series=image.series, axes=meaning)
    except ImageRefused as refusal:
        raise Rejected(f"{image.name}: {refusal}", field="meaning") from refusal


def _check_changeable(image: Image) -> None:
    if image.state == Image.State.REFUSED:
        raise Rejected(f"{image.name} was refused.", conflict=True)
    for relation in image._meta.related_objects:
        if relation.related_model._base_manager.filter(**{relation.field.name: image}).exists():
            raise Rejected(
                f"{image.name} has answers or results, which are about its pages as they are now. "
                "Delete it and upload it again to change that.",
                conflict=True,
            )
