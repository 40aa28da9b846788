"""Files that arrive piece by piece, and go on where they stopped."""

import contextlib
import errno
import fcntl
import os
import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from annotations.details import cleaned_details
from annotations.errors import NoRoom, Rejected
from annotations.models import Dataset, Project, Role, Upload, User
from annotations.services.access import require_role
from annotations.services.images.receiving import Readable, clean_file_name
from annotations.services.images.room import check_room
from annotations.services.queueing import READ_UPLOAD, enqueue

# Written as it comes, so that little is lost when a connection breaks.
PIECE = 2**18


@transaction.atomic
def start_upload(
    *,
    by: User,
    dataset: Dataset,
    name: str,
    byte_count: int,
    details: Mapping[str, Any] | None = None,
) -> Upload:
    """Announce a file. Raises TooLarge or NoRoom before a byte of it is sent."""
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    name = clean_file_name(name)
    # One at a time, so that two files do not take the same last room.
    Project.objects.select_for_update().filter(pk=dataset.project_id).first()
    check_room(dataset=dataset, name=name, byte_count=byte_count)
    upload = Upload(
        dataset=dataset,
        by=by,
        name=name,
        byte_count=byte_count,
        details={**cleaned_details(details or {}), **_date(details or {})},
    )
    for earlier in _refused_before(upload):
        discard_upload(by=by, upload=earlier)
    upload.path.parent.mkdir(parents=True, exist_ok=True)
    upload.path.touch()
    upload.save(force_insert=True)
    if byte_count == 0:
        _complete(upload)
    return upload


def receive_piece(*, by: User, upload: Upload, offset: int, content: Readable) -> int:
    """Add what follows at `offset`; return how much of the file is here afterwards.

    The file on disk alone says how far it is. Each piece is added only where the file ends, so of
    two senders at once one is refused, and a connection that died silently holds up nobody.

    Raises:
        Rejected: `offset` is not where the file ends, or more comes than was announced.
        NoRoom: the disk is full; what was written stays, and the upload can go on later.
    """
    require_role(user=by, project=upload.dataset.project, role=Role.ANNOTATOR)
    if offset != upload.received:
        raise _elsewhere(upload)
    while piece := content.read(PIECE):
        if offset + len(piece) > upload.byte_count:
            raise Rejected(f"{upload.name}: more bytes came than were announced.")
        _append(upload, offset, piece)
        offset += len(piece)
    _settle(upload)
    if offset == upload.byte_count:
        _complete(upload)
        for earlier in _begun_in_vain(upload):
            discard_upload(by=by, upload=earlier)
    return offset


@transaction.atomic
def discard_upload(*, by: User, upload: Upload) -> None:
    """Cancel an upload or dismiss a refused one; its bytes are removed."""
    require_role(user=by, project=upload.dataset.project, role=Role.ANNOTATOR)
    path = upload.path
    upload.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def retry_upload(*, by: User, upload: Upload) -> Upload:
    """Have a file read again whose reading failed for a reason of the server's."""
    require_role(user=by, project=upload.dataset.project, role=Role.ANNOTATOR)
    refused = Upload.objects.filter(pk=upload.pk, state=Upload.State.REFUSED)
    if not upload.path.exists():
        raise Rejected(f"{upload.name}: its bytes were not kept. Send the file again.")
    if refused.update(state=Upload.State.RECEIVED, error=""):
        enqueue(READ_UPLOAD, upload.pk)
    upload.refresh_from_db()
    return upload


def _refused_before(upload: Upload) -> list[Upload]:
    """The same file, refused: whoever sends it again need not be told twice what is wrong."""
    return _same_file(upload, Upload.State.REFUSED)


def _begun_in_vain(upload: Upload) -> list[Upload]:
    """The same file, begun by a page that was left before it sent a byte: nothing can go on."""
    if "modified" not in upload.details:
        return []
    begun = _same_file(upload, Upload.State.RECEIVING)
    return [one for one in begun if one.created_at < upload.created_at and one.received == 0]


def _same_file(upload: Upload, state: Upload.State) -> list[Upload]:
    same = Upload.objects.filter(
        dataset=upload.dataset, by=upload.by, name=upload.name, byte_count=upload.byte_count
    )
    found = same.filter(state=state).select_related("dataset__project")
    return [one for one in found if one.details.get("modified") == upload.details.get("modified")]


def _date(details: Mapping[str, Any]) -> dict[str, int]:
    """When the sender's file was last changed (ms since 1970): tells it from others of its name."""
    given = str(details.get("modified") or "")
    return {"modified": int(given)} if re.fullmatch(r"-?[0-9]{1,15}", given, re.ASCII) else {}


def _append(upload: Upload, offset: int, piece: bytes) -> None:
    try:
        with upload.path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file.fileno()).st_size != offset:
                raise _elsewhere(upload)
            file.seek(offset)
            file.write(piece)
    except FileNotFoundError as gone:
        raise Rejected(f"{upload.name}: the upload was cancelled.", conflict=True) from gone
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise NoRoom(
            f"{upload.name}: the server's disk is full. What has arrived is kept; go on when "
            "there is room."
        ) from error


def _settle(upload: Upload) -> None:
    """What the sender is told to be here outlives a power cut."""
    with contextlib.suppress(FileNotFoundError), upload.path.open("rb") as file:
        os.fsync(file.fileno())


def _complete(upload: Upload) -> None:
    """Hand the file to a worker, once."""
    receiving = Upload.objects.filter(pk=upload.pk, state=Upload.State.RECEIVING)
    if receiving.update(state=Upload.State.RECEIVED):
        upload.state = Upload.State.RECEIVED
        transaction.on_commit(lambda: enqueue(READ_UPLOAD, upload.pk))


def _elsewhere(upload: Upload) -> Rejected:
    return Rejected(
        f"{upload.name}: the file goes on at byte {upload.received}. Ask where it stands and send "
        "what follows; it may be on its way from elsewhere too.",
        conflict=True,
    )
