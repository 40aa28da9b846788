"""Adding images to a data set and taking them away."""

from pathlib import Path

from django.db import IntegrityError, transaction

from annotations.errors import Rejected
from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import ImageHeader
from annotations.imaging.inspect import inspect_file
from annotations.models import Dataset, Image, Role, User
from annotations.services.access import require_role
from annotations.services.holding import hold_patches
from annotations.services.projects import remove_folders
from annotations.services.queueing import enqueue
from annotations.services.receiving import Readable, Received, clean_file_name, receive
from annotations.tasks import import_image


def add_image(*, by: User, dataset: Dataset, name: str, content: Readable) -> Image:
    """Take one file in and have a worker import it.

    Rejected, with nothing kept: a file that is no image, one that is too large, one whose bytes
    are in the data set already. A name that is taken gets a number.
    """
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    name = clean_file_name(name)
    received = receive(content, name=name)
    try:
        header = _inspect(received, name)
        return _keep(by, dataset, name, received, header)
    finally:
        received.path.unlink(missing_ok=True)


def delete_image(*, by: User, image: Image) -> None:
    """Delete an image with its labels and results; a refused one by whoever may upload."""
    refused = image.state == Image.State.REFUSED
    role = Role.ANNOTATOR if refused else Role.MANAGER
    require_role(user=by, project=image.dataset.project, role=role)
    folder = image.folder
    with transaction.atomic():
        # Held, so that no answer arrives between the look for what hangs on it and the deletion.
        hold_patches([image.dataset_id])
        Image.objects.select_for_update().filter(pk=image.pk).first()
        image.delete()
        transaction.on_commit(lambda: remove_folders([folder]))


def _inspect(received: Received, name: str) -> ImageHeader:
    try:
        return inspect_file(received.path, name=name)
    except ImageRefused as refusal:
        raise Rejected(f"{name}: {refusal}", field="file") from refusal


def _keep(by: User, dataset: Dataset, name: str, received: Received, header: ImageHeader) -> Image:
    try:
        with transaction.atomic():
            # One at a time within a data set, so that the free name is still free when it is used.
            Dataset.objects.select_for_update().get(pk=dataset.pk)
            image = _row(by, dataset, _free_name(dataset, name), received, header)
            image.save(force_insert=True)
            image.folder.mkdir(parents=True)
            received.path.rename(image.original)
            transaction.on_commit(lambda: enqueue(import_image, image.pk))
            return image
    except IntegrityError as error:
        twin = dataset.images.exclude(state=Image.State.REFUSED).get(sha256=received.sha256)
        raise Rejected(
            f"{name}: this image is here already, as {twin.name}.", field="file", conflict=True
        ) from error


def _row(by: User, dataset: Dataset, name: str, received: Received, header: ImageHeader) -> Image:
    y, x = header.pixel_size_um or (None, None)
    names = zip(header.channel_names, header.channel_colours, strict=True)
    return Image(
        dataset=dataset,
        name=name,
        sha256=received.sha256,
        byte_count=received.byte_count,
        width=header.width,
        height=header.height,
        dtype=header.dtype,
        is_rgb=header.is_rgb,
        channels=[{"name": channel, "colour": colour} for channel, colour in names],
        pixel_size_y_um=y,
        pixel_size_x_um=x,
        uploaded_by=by,
    )


def _free_name(dataset: Dataset, name: str) -> str:
    taken = set(dataset.images.exclude(state=Image.State.REFUSED).values_list("name", flat=True))
    path, number, free = Path(name), 2, name
    while free in taken:
        free = f"{path.stem} ({number}){path.suffix}"
        number += 1
    return free
