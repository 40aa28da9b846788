"""Making images of an upload that is here. Safe to run twice: rows and state change together."""

import logging
from collections.abc import Sequence

from django.db import transaction

from annotations.details import cleaned_details
from annotations.imaging.errors import ImageRefused
from annotations.imaging.header import ImageHeader
from annotations.imaging.inspect import list_images
from annotations.jobs.companions import Incomplete, as_one, members_of
from annotations.jobs.failing import reason_of
from annotations.jobs.fetching import fetch_upload
from annotations.locking import sole_reader
from annotations.models import Dataset, Image, Upload
from annotations.originals import Original, hashed
from annotations.services.images.rows import AlreadyHere, keep_images, remove

logger = logging.getLogger(__name__)


class Withdrawn(Exception):
    """The upload was discarded while it was read, or another worker has read it."""


def read_upload(upload_id: int) -> list[int]:
    """Make images of an upload, or refuse it with the reason.

    Returns:
        Keys of the images that are to be imported now.
    """
    upload = _waiting(upload_id)
    if upload is None:
        return []
    with sole_reader(upload.path) as alone:
        # Looked at again: another worker may have been done in the meantime.
        if not alone or _waiting(upload_id) is None:
            return []
        return _read_or_refuse(upload)


def _waiting(upload_id: int) -> Upload | None:
    waiting = Upload.objects.select_related("dataset__project", "by")
    return waiting.filter(pk=upload_id, state=Upload.State.RECEIVED).first()


def _read_or_refuse(upload: Upload) -> list[int]:
    try:
        return _read(upload)
    except Withdrawn:
        if not Upload.objects.filter(pk=upload.pk).exists():
            upload.path.unlink(missing_ok=True)
    except Incomplete:
        # The last of the files to come takes the others along.
        logger.info("Upload %d waits for other files of its image", upload.pk)
    except ImageRefused as refusal:
        _refuse(upload, str(refusal), keep_bytes=False)
    except AlreadyHere as known:
        sentence = str(known)
        _refuse(upload, sentence[0].upper() + sentence[1:], keep_bytes=False)
    except Exception as error:
        logger.exception("Upload %d could not be read", upload.pk)
        reason = f"The file could not be read ({reason_of(error)}). It is kept: try again."
        _refuse(upload, reason, keep_bytes=True)
    return []


def _read(upload: Upload) -> list[int]:
    fetch_upload(upload)
    if upload.path.stat().st_size == 0:
        raise ImageRefused("The file is empty (0 bytes). Copy or export it again.")
    members = members_of(upload)
    for member in members:
        if member.pk != upload.pk:
            fetch_upload(member)
    with as_one(members) as path:
        images = _keep(members, hashed(path), list_images(path, name=members[0].name))
    for member in members:
        member.path.unlink(missing_ok=True)
    return [image.pk for image in images if image.state == Image.State.IMPORTING]


def _keep(members: Sequence[Upload], file: Original, headers: list[ImageHeader]) -> list[Image]:
    upload, images = members[0], []
    try:
        with transaction.atomic():
            _hold(members)
            _remember(members, file.sha256)
            images = keep_images(
                dataset=upload.dataset,
                by=upload.by,
                name=upload.name,
                file=file,
                headers=headers,
                details=cleaned_details(upload.details),
            )
    except BaseException:
        remove(images)
        raise
    return images


def _hold(members: Sequence[Upload]) -> None:
    """Take the data set for this transaction alone, and the uploads off the list."""
    Dataset.objects.select_for_update().filter(pk=members[0].dataset_id).first()
    keys = [member.pk for member in members]
    waiting = Upload.objects.filter(pk__in=keys, state=Upload.State.RECEIVED)
    if waiting.update(state=Upload.State.DONE) != len(members):
        raise Withdrawn


def _remember(members: Sequence[Upload], sha256: str) -> None:
    """Which bytes an upload was, so that whoever sends it again can be told that it is here."""
    for member in members:
        details = {**member.details, "sha256": sha256}
        Upload.objects.filter(pk=member.pk).update(details=details)


def _refuse(upload: Upload, reason: str, *, keep_bytes: bool) -> None:
    if not keep_bytes:
        upload.path.unlink(missing_ok=True)
    waiting = Upload.objects.filter(pk=upload.pk, state=Upload.State.RECEIVED)
    waiting.update(state=Upload.State.REFUSED, error=reason)
