"""Uploads that nobody finished, errands of long ago, files that a killed process left behind."""

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from annotations import storage
from annotations.models import Errand, Image, Reference, Upload

STALE = timedelta(minutes=2)
SWEPT_AT_ONCE = 50
# Long after whoever makes a file has made its row.
ORPHAN_SECONDS = 24 * 3600
# What became of an errand is of interest for so long; a file that was only looked at is kept a day.
ERRAND_DAYS = 30


def stale_uploads() -> list[int]:
    """Uploads that are here and that no worker took, those whose last piece a kill hid included."""
    for upload in Upload.objects.filter(state=Upload.State.RECEIVING):
        if upload.received == upload.byte_count:
            receiving = Upload.objects.filter(pk=upload.pk, state=Upload.State.RECEIVING)
            receiving.update(state=Upload.State.RECEIVED)
    waiting = Upload.objects.filter(
        state=Upload.State.RECEIVED, updated_at__lt=timezone.now() - STALE
    )
    oldest = waiting.order_by(F("updated_at").asc()).values_list("pk", flat=True)
    return list(oldest[:SWEPT_AT_ONCE])


def tidy() -> None:
    """Remove uploads past their time, and files and folders whose row is gone."""
    _expire()
    Errand.objects.filter(finished_at__lt=timezone.now() - timedelta(days=ERRAND_DAYS)).delete()
    wanted = {str(key) for key in Upload.objects.values_list("key", flat=True)}
    wanted |= {str(key) for key in Errand.objects.active().values_list("key", flat=True)}
    images = {str(key) for key in Image.objects.values_list("key", flat=True)}
    for path in old_in(Path(settings.MEDIA_ROOT) / "incoming"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name not in wanted:
            path.unlink(missing_ok=True)
    for folder in old_in(Path(settings.MEDIA_ROOT) / "images"):
        if is_key(folder.name) and folder.name not in images:
            storage.remove(folder)
    _tidy_references()
    tidy_bucket()


def _tidy_references() -> None:
    """Folders that were written by a worker that was killed before it made their row."""
    for references in (Path(settings.MEDIA_ROOT) / "images").glob("*/references"):
        for folder in old_in(references):
            if is_key(folder.name) and not Reference.objects.filter(key=folder.name).exists():
                shutil.rmtree(folder, ignore_errors=True)


def tidy_bucket() -> None:
    """Remove what is in the bucket of images that are gone.

    An image has its row before its first object, and rows are looked up after the listing: what
    has no row then will have none.
    """
    if not storage.in_bucket():
        return
    stored = [name for name in storage.bucket().folders("images") if is_key(name)]
    known = {str(key) for key in Image.objects.values_list("key", flat=True)}
    for name in stored:
        if name not in known:
            storage.remove(Path(settings.MEDIA_ROOT) / "images" / name)


def _expire() -> None:
    now = timezone.now()
    old = Upload.objects.filter(updated_at__lt=now - timedelta(days=settings.UPLOAD_DAYS))
    for upload in old.exclude(state=Upload.State.RECEIVED):
        if upload.expires_at < now:
            upload.delete()
            upload.path.unlink(missing_ok=True)


def old_in(folder: Path) -> Iterator[Path]:
    """What lies in a folder and was not touched for a day."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        try:
            if time.time() - path.stat().st_mtime > ORPHAN_SECONDS:
                yield path
        except FileNotFoundError:
            continue


def is_key(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True
