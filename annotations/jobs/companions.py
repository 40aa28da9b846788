"""One OME-TIFF in several files, each an upload of its own: they wait for each other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import rmtree

from django.utils import timezone

from annotations.imaging.errors import ImageRefused
from annotations.imaging.sniff import sniff
from annotations.imaging.tiff_folder import companion_names
from annotations.models import Upload
from annotations.originals import keep

# So long after the last of them came, the others are not coming.
PATIENCE = timedelta(minutes=10)


class Incomplete(Exception):
    """Other files of the image are not here yet."""


def members_of(upload: Upload) -> list[Upload]:
    """The uploads that make up one image with this one; for most files, it alone.

    Raises:
        Incomplete: some are on their way.
        ImageRefused: some have not come for a long time.
    """
    names = _names(upload)
    if len(names) < 2 or upload.name not in names:
        return [upload]
    beside = Upload.objects.select_related("dataset", "by").filter(
        dataset=upload.dataset_id, by=upload.by_id, name__in=names
    )
    here = {one.name: one for one in beside.filter(state=Upload.State.RECEIVED)}
    missing = [name for name in names if name not in here]
    if not missing:
        return [here[name] for name in sorted(names)]
    last = max(one.updated_at for one in here.values())
    if timezone.now() - last < PATIENCE:
        raise Incomplete
    raise ImageRefused(
        f"The OME-TIFF lacks {len(missing)} of its {len(names)} files: "
        f"{', '.join(missing[:5])}. Upload all of them together."
    )


@contextmanager
def as_one(members: Sequence[Upload]) -> Iterator[Path]:
    """The file of an upload; of several, a folder with all of them under their own names."""
    first = members[0]
    if len(members) == 1:
        yield first.path
        return
    folder = first.path.with_name(f"{first.key}.set")
    rmtree(folder, ignore_errors=True)
    try:
        for member in members:
            keep(member.path, folder / member.name)
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def _names(upload: Upload) -> tuple[str, ...]:
    is_tiff = sniff(upload.path, name=upload.name) == "tiff"
    return companion_names(upload.path) if is_tiff else ()
