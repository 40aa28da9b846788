"""Taking a file in: to disk once, hashed and measured on the way."""

import hashlib
import re
import uuid
from pathlib import Path
from typing import Protocol

from django.conf import settings

from annotations.errors import TooLarge
from annotations.originals import Original

CHUNK = 2**20


class Readable(Protocol):
    """An open file or an upload."""

    def read(self, size: int, /) -> bytes: ...


def receive(content: Readable, *, name: str) -> Original:
    """Write a stream to a file of its own under `incoming` and hash it."""
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / str(uuid.uuid4())
    try:
        return _copy(content, path, name)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _copy(content: Readable, path: Path, name: str) -> Original:
    digest, count = hashlib.sha256(), 0
    with path.open("wb") as file:
        while chunk := content.read(CHUNK):
            count += len(chunk)
            if count > settings.MAX_IMAGE_BYTES:
                raise too_large(name)
            digest.update(chunk)
            file.write(chunk)
    return Original(path=path, sha256=digest.hexdigest(), byte_count=count)


def too_large(name: str) -> TooLarge:
    limit = settings.MAX_IMAGE_BYTES / 2**30
    return TooLarge(
        f"{name}: the file is larger than {limit:.1f} GB, the most this site takes. "
        "An administrator can raise MAX_IMAGE_BYTES.",
        field="file",
    )


def clean_file_name(name: str) -> str:
    """The last part of a path, without control characters, short enough to be kept.

    Names are only ever shown and exported; on disk every image lives under a key of its own.
    """
    base = re.split(r"[/\\]", name)[-1]
    base = "".join(character for character in base if character.isprintable()).strip(" .")
    stem, dot, suffix = base.rpartition(".")
    if len(base) > 200:
        base = f"{stem[:190]}{dot}{suffix[:9]}" if dot else base[:200]
    return base or "image"
