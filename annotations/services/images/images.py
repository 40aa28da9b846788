"""Adding images to a data set, changing what is known of them, and taking them away."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from annotations.details import cleaned_details
from annotations.errors import Rejected
from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import ImageHeader
from annotations.imaging.inspect import list_images
from annotations.models import Dataset, Image, Role, User
from annotations.originals import Original
from annotations.services.access import require_role
from annotations.services.holding import hold_patches
from annotations.services.images.receiving import Readable, clean_file_name, receive
from annotations.services.images.rows import AlreadyHere, keep_images, remove
from annotations.services.projects import remove_folders
from annotations.services.queueing import IMPORT_IMAGE, enqueue


def add_images(
    *,
    by: User,
    dataset: Dataset,
    name: str,
    content: Readable,
    details: Mapping[str, Any] | None = None,
) -> list[Image]:
    """Take one file in and have a worker import every image that it holds.

    Rejected, with nothing kept: a file that is no image, one that is too large, one whose bytes
    are in the data set already. A name that is taken gets a number.
    """
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    name = clean_file_name(name)
    received = receive(content, name=name)
    try:
        headers = _headers(received, name)
        return _keep(by, dataset, name, received, headers, cleaned_details(details or {}))
    finally:
        received.path.unlink(missing_ok=True)


def add_image(*, by: User, dataset: Dataset, name: str, content: Readable) -> Image:
    """Take one file in; its first image, where it holds several."""
    return add_images(by=by, dataset=dataset, name=name, content=content)[0]


def retry_import(*, by: User, image: Image) -> Image:
    """Import an image again that was refused for a reason of the server's, such as a full disk."""
    require_role(user=by, project=image.dataset.project, role=Role.ANNOTATOR)
    if not image.can_be_tried_again:
        raise Rejected(f"{image.name}: there is nothing to try again. Upload the file again.")
    refused = Image.objects.filter(pk=image.pk, state=Image.State.REFUSED)
    try:
        with transaction.atomic():
            refused.update(state=Image.State.IMPORTING, error="")
    except IntegrityError as error:
        raise Rejected(
            f"{image.name}: an image of this name or content has come in the meantime. Dismiss "
            "this one.",
            conflict=True,
        ) from error
    enqueue(IMPORT_IMAGE, image.pk)
    image.refresh_from_db()
    return image


def delete_image(*, by: User, image: Image) -> None:
    """Delete an image with its labels and results; before it is ready, by whoever may upload.

    An import that is under way notices and stops.
    """
    settled = image.state == Image.State.READY
    role = Role.MANAGER if settled else Role.ANNOTATOR
    require_role(user=by, project=image.dataset.project, role=role)
    folder = image.folder
    with transaction.atomic():
        # Held, so that no answer arrives between the look for what hangs on it and the deletion.
        hold_patches([image.dataset_id])
        held = Image.objects.select_for_update().filter(pk=image.pk).first()
        if held is not None and held.state == Image.State.READY and not settled:
            require_role(user=by, project=image.dataset.project, role=Role.MANAGER)
        image.delete()
        transaction.on_commit(lambda: remove_folders([folder]))


def _headers(received: Original, name: str) -> list[ImageHeader]:
    try:
        return list_images(received.path, name=name)
    except ImageRefused as refusal:
        raise Rejected(f"{name}: {refusal}", field="file") from refusal


def _keep(
    by: User,
    dataset: Dataset,
    name: str,
    received: Original,
    headers: list[ImageHeader],
    details: Mapping[str, str],
) -> list[Image]:
    images: list[Image] = []
    try:
        with transaction.atomic():
            # One at a time within a data set, so that the free name is still free when it is used.
            Dataset.objects.select_for_update().get(pk=dataset.pk)
            images = keep_images(
                dataset=dataset, by=by, name=name, file=received, headers=headers, details=details
            )
            for image in images:
                _import_on_commit(image)
            return images
    except AlreadyHere as known:
        raise Rejected(f"{name}: {known}", field="file", conflict=True) from known
    except BaseException:
        remove(images)
        raise


def _import_on_commit(image: Image) -> None:
    if image.state == Image.State.IMPORTING:
        transaction.on_commit(lambda: enqueue(IMPORT_IMAGE, image.pk))
