"""Importing an image in a worker. Safe to run twice: files appear whole, then the row changes."""

import logging
import shutil
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from annotations import storage
from annotations.imaging.contrast import contrast_limits
from annotations.imaging.errors import ImageRefused, ImportStopped
from annotations.imaging.header import ImageHeader
from annotations.imaging.opening import open_image
from annotations.imaging.source import ImageSource
from annotations.imaging.store.read import open_store
from annotations.imaging.store.write import write_image, write_projection
from annotations.jobs.failing import reason_of
from annotations.jobs.progress import ImportProgress
from annotations.jobs.thumbnails import draw_thumbnail
from annotations.locking import sole_writer
from annotations.models import Image

logger = logging.getLogger(__name__)

STALE = timedelta(minutes=2)
# So many at a time: those that wait in the queue for their turn are stale too, and need no second
# place in it.
SWEPT_AT_ONCE = 50
# Of the whole import, for a stack: its planes, then their maximum.
PLANES_SHARE = 0.9


def import_image(image_id: int) -> None:
    """Make the OME-Zarr store and the thumbnail of an image, or refuse the file with the reason."""
    image = Image.objects.filter(pk=image_id).first()
    if image is None or not image.folder.is_dir():
        return
    with sole_writer(image.folder) as alone:
        # Read again: what its pages are may have been answered while this waited.
        image = Image.objects.filter(pk=image_id, state=Image.State.IMPORTING).first()
        if alone and image is not None:
            _import_or_refuse(image)


def stale_imports() -> list[int]:
    """Images that have waited so long that their task must have been lost."""
    waiting = Image.objects.filter(
        state=Image.State.IMPORTING, created_at__lt=timezone.now() - STALE
    )
    oldest = waiting.order_by(F("created_at").asc()).values_list("pk", flat=True)
    return list(oldest[:SWEPT_AT_ONCE])


def _import_or_refuse(image: Image) -> None:
    try:
        _import(image)
    except ImportStopped:
        # Deleted while it was imported.
        storage.remove(image.folder)
    except ImageRefused as refusal:
        _refuse(image, str(refusal), keep_original=False)
    except Exception as error:
        logger.exception("Import of image %d failed", image.pk)
        reason = f"The import failed ({reason_of(error)}). The file is kept: try again."
        _refuse(image, reason, keep_original=True)


def _import(image: Image) -> None:
    progress = ImportProgress(image)
    with open_image(
        image.original, name=image.name, series=image.series, axes=image.page_axis or None
    ) as source:
        header = source.header
        _write_planes(image, source, progress)
    if header.depth > 1:
        _write_projection(image, progress)
    store = open_store(storage.place(image.store))
    limits = contrast_limits(store, is_rgb=header.is_rgb)
    draw_thumbnail(image, store)
    _publish(image, progress)
    progress.end()
    _ready(image, header, limits)


def _write_planes(image: Image, source: ImageSource, progress: ImportProgress) -> None:
    if _is_written(image, source.header):
        return
    # Of other pages than these, if there is one.
    storage.remove(image.projection)
    share = PLANES_SHARE if source.header.depth > 1 else 1.0
    write_image(
        source,
        image.store,
        name=image.name,
        on_progress=lambda done: progress.tell(done * share),
        should_stop=progress.is_withdrawn,
    )


def _write_projection(image: Image, progress: ImportProgress) -> None:
    write_projection(
        storage.place(image.store),
        image.projection,
        on_progress=lambda done: progress.tell(PLANES_SHARE + done * (1 - PLANES_SHARE)),
        should_stop=progress.is_withdrawn,
    )


def _publish(image: Image, progress: ImportProgress) -> None:
    def stop_when_withdrawn() -> None:
        if progress.is_withdrawn():
            raise ImportStopped

    # The projection first: where the planes are, it is looked for beside them.
    for store in (image.projection, image.store):
        storage.publish(store, between=stop_when_withdrawn)


def _is_written(image: Image, header: ImageHeader) -> bool:
    """Whether a killed worker got as far as the store, of the pages as they are meant now."""
    if not storage.exists(image.store):
        return False
    sizes = open_store(storage.place(image.store)).sizes
    meant = {"t": header.frames, "c": header.channels, "z": header.depth}
    return all(sizes[axis] == size for axis, size in meant.items())


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
        storage.remove(image.folder)


def _refuse(image: Image, reason: str, *, keep_original: bool) -> None:
    """Keep the row, so that the person sees why; of the files, at most the one that was sent."""
    kept = keep_original and image.original.exists()
    if kept:
        _remove_all_but_original(image)
    else:
        storage.remove(image.folder)
        reason = reason.replace("The file is kept: try again.", "Upload it again.")
    Image.objects.filter(pk=image.pk).update(state=Image.State.REFUSED, error=reason)


def _remove_all_but_original(image: Image) -> None:
    for path in image.folder.iterdir():
        if path == image.original:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    for store in (image.store, image.projection):
        storage.remove(store)
