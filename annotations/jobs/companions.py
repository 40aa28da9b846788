"""One OME-TIFF in several files, each an upload of its own: they wait for each other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import rmtree

from django.utils import timezone

from annotations.imaging.errors import ImageRefused
from annotations.imaging.sniff import sniff
from annotations.imaging.tiff.folder import companion_names, described_names, is_text
from annotations.jobs.fetching import fetch_upload
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
    names = tuple(dict.fromkeys(_names(upload)))
    if len(names) < 2 or upload.name not in names:
        return [upload]
    beside = Upload.objects.select_related("dataset", "by").filter(
        dataset=upload.dataset_id, by=upload.by_id, name__in=names
    )
    here = {one.name: one for one in beside.filter(state=Upload.State.RECEIVED)}
    missing = [name for name in names if name not in here]
    if not missing:
        # An image has the name of a picture, not of the text about it.
        return [here[name] for name in sorted(names, key=lambda name: (is_text(name), name))]
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
    """All files that an upload's image is in; a text that describes the pictures is one of them."""
    if is_text(upload.name) and (pictures := described_names(upload.path)):
        return (*pictures, upload.name)
    if sniff(upload.path, name=upload.name) != "tiff":
        return ()
    names = companion_names(upload.path)
    texts = [name for name in names if is_text(name)]
    return (*names, *_in_text(upload, texts[0]), upload.name) if texts else names


def _in_text(upload: Upload, name: str) -> tuple[str, ...]:
    """The pictures that a text names which was sent along; none while it is on its way."""
    texts = Upload.objects.filter(
        dataset=upload.dataset_id, by=upload.by_id, name=name, state=Upload.State.RECEIVED
    )
    text = texts.first()
    if text is None:
        return ()
    fetch_upload(text)
    return described_names(text.path)
