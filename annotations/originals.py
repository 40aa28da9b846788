"""A file as somebody sent it: hashed once, never changed, kept under every image made of it."""

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 2**20
# The first that a zip archive can name.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Original:
    path: Path
    sha256: str
    byte_count: int


def hashed(path: Path) -> Original:
    """Read a file through once; its size is what was read, not what was announced."""
    if path.is_dir():
        return _hashed_folder(path)
    digest, count = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            count += len(chunk)
    return Original(path=path, sha256=digest.hexdigest(), byte_count=count)


def _hashed_folder(folder: Path) -> Original:
    """Of several files that are one image: their names and hashes, hashed."""
    files = [(path.name, hashed(path)) for path in _files(folder)]
    listing = "\n".join(f"{file.sha256} {name}" for name, file in files)
    total = sum(file.byte_count for _, file in files)
    sha256 = hashlib.sha256(listing.encode()).hexdigest()
    return Original(path=folder, sha256=sha256, byte_count=total)


def keep(source: Path, target: Path) -> None:
    """Put the file, or those of a folder, under another name too.

    Copies where the file system knows no hard links.
    """
    if source.is_dir():
        for file in _files(source):
            keep(file, target / file.name)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:
        shutil.copyfile(source, target)


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    if path.is_dir():
        return sum(file.stat().st_size for file in _files(path))
    return path.stat().st_size


def fetch(source: Path, target: Path) -> None:
    """Copy a file, or pack a folder into one: the same bytes each time, so it is recognised."""
    if not source.is_dir():
        shutil.copyfile(source, target)
        return
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file in _files(source):
            entry = zipfile.ZipInfo(file.relative_to(source.parent).as_posix(), _NO_DATE)
            with file.open("rb") as content, archive.open(entry, "w", force_zip64=True) as packed:
                shutil.copyfileobj(content, packed, _CHUNK)


def _files(folder: Path) -> Iterator[Path]:
    """Files below a folder in a fixed order, links left out."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
