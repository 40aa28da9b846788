"""The files of an OME-Zarr image, in a folder or in a zip, read in place."""

import json
import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from annotations.imaging.errors import ImageRefused

_MAX_ENTRIES = 5_000_000
_MAX_JSON = 64 * 1024**2
_OUTSIDE = (
    "The OME-Zarr names files outside itself (absolute paths, '..' or links), which are never "
    "read. Pack the image's own folder again."
)


class ZarrFiles(Protocol):
    """Where the keys of a store are looked up.

    Attributes:
        location: for zarr: the folder, or the zip.
        prefix: of the image within the zip: '' or 'name.zarr/'.
    """

    location: Path
    prefix: str

    def read(self, key: str) -> bytes | None:
        """A small file, or None where it is missing."""
        ...

    def has(self, key: str) -> bool: ...

    def close(self) -> None: ...


class FolderFiles:
    prefix = ""

    def __init__(self, folder: Path) -> None:
        self.location = folder.resolve()

    def read(self, key: str) -> bytes | None:
        path = self._path(key)
        if not path.is_file():
            return None
        if path.stat().st_size > _MAX_JSON:
            raise ImageRefused("The OME-Zarr's description is too long to be read.")
        return path.read_bytes()

    def has(self, key: str) -> bool:
        return self._path(key).is_file()

    def close(self) -> None:
        pass

    def _path(self, key: str) -> Path:
        path = self.location / clean_key(key)
        if path.resolve() != path:
            raise ImageRefused(_OUTSIDE)
        return path


class ZipFiles:
    def __init__(self, path: Path) -> None:
        self.location = path
        self._zip = zipfile.ZipFile(path)
        entries = self._zip.infolist()
        if len(entries) > _MAX_ENTRIES:
            raise ImageRefused(f"The zip holds more than {_MAX_ENTRIES:,} files.")
        for entry in entries:
            _check_entry(entry)
        self._names = {entry.filename for entry in entries}
        self.prefix = _prefix(self._names)

    def read(self, key: str) -> bytes | None:
        name = self.prefix + clean_key(key)
        if name not in self._names:
            return None
        if self._zip.getinfo(name).file_size > _MAX_JSON:
            raise ImageRefused("The OME-Zarr's description is too long to be read.")
        return self._zip.read(name)

    def has(self, key: str) -> bool:
        return self.prefix + clean_key(key) in self._names

    def close(self) -> None:
        self._zip.close()


def open_files(path: Path) -> ZarrFiles:
    return FolderFiles(path) if path.is_dir() else ZipFiles(path)


def clean_key(key: str) -> str:
    """A key that stays within the store.

    Raises:
        ImageRefused: it is absolute or climbs out.
    """
    parts = PurePosixPath(key).parts
    if key.startswith("/") or ".." in parts or "\\" in key or "\0" in key:
        raise ImageRefused(_OUTSIDE)
    return "/".join(parts)


def read_json(files: ZarrFiles, key: str) -> dict[str, Any] | None:
    """An object of JSON, or None where the file is missing."""
    content = files.read(key)
    if content is None:
        return None
    found = json.loads(content)
    if not isinstance(found, dict):
        raise ImageRefused("The OME-Zarr's description is damaged. Export it again.")
    return found


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ImageRefused(_OUTSIDE)
    clean_key(entry.filename)
    if entry.flag_bits & 1:
        raise ImageRefused("The zip is locked by a password. Pack it again without one.")


def _prefix(names: set[str]) -> str:
    """The folder of the image: the shallowest that holds a description of a zarr group."""
    marks = ("zarr.json", ".zgroup", ".zattrs", ".zarray")
    folders = [name[: -len(mark)] for name in names for mark in marks if _ends(name, mark)]
    if not folders:
        raise ImageRefused(
            "The zip holds no OME-Zarr image. Unpack it and upload the images in it."
        )
    return min(folders, key=lambda folder: (folder.count("/"), folder))


def _ends(name: str, mark: str) -> bool:
    return name == mark or name.endswith(f"/{mark}")
