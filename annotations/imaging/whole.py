"""Files and folders that appear whole or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary folder that takes the place of `folder` when all went well.

    It lies beside `folder`, because a rename is only whole within one file system. What an
    earlier, killed attempt left behind is removed first: one writer per folder at a time is what
    the caller must see to.

    Args:
        folder: to be made or replaced.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for leftover in folder.parent.glob(f".{_escaped(folder.name)}.*.part"):
        shutil.rmtree(leftover, ignore_errors=True)
    temporary = _beside(folder)
    try:
        temporary.mkdir()
        yield temporary
        _replace(folder, temporary)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path that takes the place of `path` when all went well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path)
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def removed_at_once(folder: Path) -> None:
    """Remove a folder that somebody may be about to open: it is there whole, or not at all."""
    aside = _beside(folder)
    folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{uuid4().hex}.part")


def _escaped(name: str) -> str:
    """A name that `glob` takes literally."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _replace(folder: Path, temporary: Path) -> None:
    """A folder cannot be renamed over a full one: the old one is first moved aside."""
    if not folder.exists():
        temporary.rename(folder)
        return
    aside = _beside(folder)
    folder.rename(aside)
    temporary.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)
