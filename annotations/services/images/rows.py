"""Image rows for the images that a file holds, and the file under each of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from annotations.imaging.header import ImageHeader
from annotations.models import Dataset, Image, User
from annotations.originals import Original, keep

# The longest suffix that a name keeps when it is cut.
_SUFFIX = 12
_LONGEST = 255


class AlreadyHere(Exception):
    """Every image of the file is in the data set; the message is a sentence about them."""


def keep_images(
    *,
    dataset: Dataset,
    by: User,
    name: str,
    file: Original,
    headers: Sequence[ImageHeader],
    details: Mapping[str, str],
) -> list[Image]:
    """Make a row for each image of a file that is not in the data set yet.

    The caller holds a transaction and the data set's row, so that a free name is still free when
    it is used. When this fails, no folder is left.

    Raises:
        AlreadyHere: the same bytes are in the data set, as all these images.
    """
    twins = dataset.images.exclude(state=Image.State.REFUSED).filter(sha256=file.sha256)
    new = _without(headers, twins)
    images: list[Image] = []
    taken = _taken(dataset)
    try:
        for header in new:
            free = _free_name(_name(name, header, len(headers)), taken)
            taken.add(free)
            image = _row(dataset, by, free, file, header, details)
            images.append(image)
            keep(file.path, image.original)
            image.save(force_insert=True)
    except BaseException:
        remove(images)
        raise
    return images


def remove(images: Sequence[Image]) -> None:
    """Remove the folders of rows that were not kept."""
    for image in images:
        rmtree(image.folder, ignore_errors=True)


def describe(image: Image, header: ImageHeader) -> None:
    """Write on a row, unsaved, what the file's header says."""
    y, x = header.pixel_size_um or (None, None)
    names = zip(header.channel_names, header.channel_colours, strict=True)
    image.series, image.format, image.axes = header.series, header.format[:40], header.axes
    image.width, image.height = header.width, header.height
    image.size_z, image.size_t = header.depth, header.frames
    image.dtype, image.is_rgb = header.dtype, header.is_rgb
    image.channels = [{"name": channel, "colour": colour} for channel, colour in names]
    image.pixel_size_y_um, image.pixel_size_x_um = y, x
    image.pixel_size_z_um = header.pixel_size_z_um
    image.acquired_at = _aware(header.acquired_at)
    image.state = Image.State.WAITING if header.ambiguous else Image.State.IMPORTING


def _without(headers: Sequence[ImageHeader], twins: QuerySet[Image]) -> list[ImageHeader]:
    here: dict[int, str] = dict(twins.values_list("series", "name"))
    new = [header for header in headers if header.series not in here]
    if new:
        return new
    first, *others = sorted(here.values())
    more = f" and {len(others)} more" if others else ""
    raise AlreadyHere(f"this image is here already, as {first}{more}.")


def _row(
    dataset: Dataset,
    by: User,
    name: str,
    file: Original,
    header: ImageHeader,
    details: Mapping[str, Any],
) -> Image:
    image = Image(
        dataset=dataset,
        name=name,
        sha256=file.sha256,
        byte_count=file.byte_count,
        uploaded_by=by,
        **details,
    )
    describe(image, header)
    return image


def _aware(moment: datetime | None) -> datetime | None:
    """Files without a time zone are taken at their word, in the site's."""
    if moment is None or timezone.is_aware(moment):
        return moment
    return timezone.make_aware(moment)


def _name(name: str, header: ImageHeader, count: int) -> str:
    """The file's name; of several images of one file, with what tells them apart."""
    if count == 1:
        return name
    own = "".join(letter for letter in header.series_name if letter.isprintable()).strip()
    path, own = Path(name), own[:60] or str(header.series + 1)
    suffix = path.suffix[:_SUFFIX]
    room = _LONGEST - len(suffix) - len(own) - 10
    return f"{path.stem[:room]} [{own}]{suffix}"


def _taken(dataset: Dataset) -> set[str]:
    kept = dataset.images.exclude(state=Image.State.REFUSED)
    return set(kept.values_list("name", flat=True))


def _free_name(name: str, taken: set[str]) -> str:
    path, number, free = Path(name), 2, name
    while free in taken:
        free = f"{path.stem} ({number}){path.suffix}"
        number += 1
    return free
