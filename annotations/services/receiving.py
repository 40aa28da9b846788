"""Taking a file in: to disk once, hashed and measured on the way."""

import hashlib
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from annotations.errors import Rejected

CHUNK = 2**20


class Readable(Protocol):
    """An open file or an upload."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Received:
    path: Path
    sha256: str
    byte_count: int


def receive(content: Readable, *, name: str) -> Received:
    """Write a stream to a file of its own under `incoming` and hash it."""
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / str(uuid.uuid4())
    try:
        return _copy(content, path, name)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _copy(content: Readable, path: Path, name: str) -> Received:
    digest, count, limit = hashlib.sha256(), 0, settings.MAX_IMAGE_BYTES
    with path.open("wb") as file:
        while chunk := content.read(CHUNK):
            count += len(chunk)
            if count > limit:
                raise Rejected(
                    f"{name}: the file is larger than {limit / 2**30:.1f} GB, the most this "
                    "site takes. An administrator can raise MAX_IMAGE_BYTES.",
                    field="file",
                )
            digest.update(chunk)
            file.write(chunk)
    return Received(path=path, sha256=digest.hexdigest(), byte_count=count)


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
