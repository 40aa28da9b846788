"""One writer per folder, even when a task is delivered twice."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def sole_writer(folder: Path) -> Iterator[bool]:
    """Whether this process alone may write to the folder until the block ends.

    A lock of the operating system: it ends with its process, so a killed worker leaves none behind.
    """
    with _sole(folder / ".lock", "w") as alone:
        yield alone


@contextmanager
def sole_reader(path: Path) -> Iterator[bool]:
    """Whether this process alone takes the file apart until the block ends."""
    with _sole(path, "r") as alone:
        yield alone


@contextmanager
def _sole(path: Path, mode: str) -> Iterator[bool]:
    try:
        file = path.open(mode)
    except FileNotFoundError:
        # It went with its row while this task waited.
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
