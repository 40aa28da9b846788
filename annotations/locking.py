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
    try:
        file = (folder / ".lock").open("w")
    except FileNotFoundError:
        # The folder went with its row while this task waited.
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
