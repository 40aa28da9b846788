"""Whether there is room for a file before a byte of it is taken."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Sum

from annotations.errors import NoRoom
from annotations.models import Dataset, Image, Project, Upload
from annotations.services.images.receiving import too_large

# The file itself, and the pyramid that is made of it.
COPIES = 2


def check_room(*, dataset: Dataset, name: str, byte_count: int) -> None:
    """Raise unless the file is small enough, within the project's share, and the disk takes it.

    Raises:
        TooLarge: beyond MAX_IMAGE_BYTES.
        NoRoom: beyond PROJECT_QUOTA_BYTES, or the disk would be full.
    """
    check_size(name=name, byte_count=byte_count)
    check_space(dataset=dataset, name=name, byte_count=byte_count)


def check_size(*, name: str, byte_count: int) -> None:
    """Raise TooLarge beyond what the site takes of one file."""
    if byte_count > settings.MAX_IMAGE_BYTES:
        raise too_large(name)


def check_space(*, dataset: Dataset, name: str, byte_count: int) -> None:
    """Raise NoRoom where the project or the disk has no room for so much more."""
    _check_quota(dataset.project, name, byte_count)
    _check_disk(name, byte_count)


def bytes_of_project(project: Project) -> int:
    """Bytes of the project's files, each counted once, and of those to come."""
    kept = Image.objects.filter(dataset__project=project).exclude(state=Image.State.REFUSED)
    files = kept.order_by().values("dataset", "sha256").annotate(size=Max("byte_count"))
    states = (Upload.State.RECEIVING, Upload.State.RECEIVED)
    coming = Upload.objects.filter(dataset__project=project, state__in=states)
    return (files.aggregate(total=Sum("size"))["total"] or 0) + (
        coming.aggregate(total=Sum("byte_count"))["total"] or 0
    )


def _check_quota(project: Project, name: str, byte_count: int) -> None:
    quota = settings.PROJECT_QUOTA_BYTES
    if quota and bytes_of_project(project) + byte_count > quota:
        raise NoRoom(
            f"{name}: the project's images would be more than {_size(quota)}, all that a project "
            "of this site may have. Delete images, or ask an administrator to raise "
            "PROJECT_QUOTA_BYTES."
        )


def _check_disk(name: str, byte_count: int) -> None:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    # A handful: browsers send a few files at a time.
    arriving = Upload.objects.filter(state=Upload.State.RECEIVING)
    to_come = sum(upload.byte_count - upload.received for upload in arriving)
    free = shutil.disk_usage(folder).free - settings.MIN_FREE_DISK_BYTES
    if COPIES * (byte_count + to_come) > free:
        raise NoRoom(
            f"{name}: the server's disk has no room for {_size(byte_count)} and what is made of "
            "it. Nothing was taken; ask an administrator for space, then send it again."
        )


def _size(count: int) -> str:
    return f"{count / 2**30:.1f} GB" if count >= 2**30 else f"{count / 2**20:.1f} MB"
