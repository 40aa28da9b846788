"""Importing an image in a worker. Safe to run twice: files appear whole, then the row changes."""

import logging
import shutil
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from annotations.imaging.contrast import contrast_limits
from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import ImageHeader
from annotations.imaging.inspect import inspect_file
from annotations.imaging.read import read_planes
from annotations.imaging.store import open_store, write_store
from annotations.imaging.thumbnail import write_thumbnail
from annotations.locking import sole_writer
from annotations.models import Image

logger = logging.getLogger(__name__)

STALE = timedelta(minutes=2)


def import_image(image_id: int) -> None:
    """Make the OME-Zarr store and the thumbnail of an image, or refuse the file with the reason."""
    image = Image.objects.filter(pk=image_id).first()
    if image is None or not image.folder.is_dir():
        return
    with sole_writer(image.folder) as alone:
        waiting = Image.objects.filter(pk=image_id, state=Image.State.IMPORTING)
        if alone and waiting.exists():
            _import_or_refuse(image)


def stale_imports() -> list[int]:
    """Images that have waited so long that their task must have been lost."""
    waiting = Image.objects.filter(
        state=Image.State.IMPORTING, created_at__lt=timezone.now() - STALE
    )
    return list(waiting.order_by(F("created_at").asc()).values_list("pk", flat=True))


def _import_or_refuse(image: Image) -> None:
    try:
        _import(image)
    except ImageRefused as refusal:
        _refuse(image, str(refusal))
    except Exception as error:
        logger.exception("Import of image %d failed", image.pk)
        # The log has the rest: a message may hold paths of the server.
        reason = error.strerror if isinstance(error, OSError) else None
        _refuse(image, f"The import failed ({reason or type(error).__name__}). Upload it again.")


def _import(image: Image) -> None:
    header = inspect_file(image.original, name=image.name)
    if not image.store.exists():
        planes = read_planes(image.original, name=image.name)
        write_store(planes, image.store, header=header)
    store = open_store(image.store)
    limits = contrast_limits(store, is_rgb=header.is_rgb)
    colours = [channel["colour"] for channel in image.channels]
    write_thumbnail(store, image.thumbnail, limits=limits, colours=colours, is_rgb=header.is_rgb)
    _ready(image, header, limits)


def _ready(image: Image, header: ImageHeader, limits: list[tuple[float, float]]) -> None:
    channels = [
        {**channel, "low": low, "high": high}
        for channel, (low, high) in zip(image.channels, limits, strict=True)
    ]
    kept = Image.objects.filter(pk=image.pk, state=Image.State.IMPORTING).update(
        state=Image.State.READY, channels=channels, dtype=header.dtype
    )
    if not kept:
        # Deleted while it was imported: what was written since would be nobody's.
        shutil.rmtree(image.folder, ignore_errors=True)


def _refuse(image: Image, reason: str) -> None:
    """Keep the row, so that the person sees why, and nothing else."""
    Image.objects.filter(pk=image.pk).update(state=Image.State.REFUSED, error=reason)
    shutil.rmtree(image.folder, ignore_errors=True)
