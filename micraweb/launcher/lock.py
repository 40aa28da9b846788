"""One launcher per data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from micraweb.launcher.errors import CannotStart


@contextmanager
def sole_user_of(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process; raise CannotStart when another launcher has it.

    The kernel lets go of the lock when the process ends, however it ends.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / "launcher.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise CannotStart(f"Cannot write to the data folder {folder}: {error.strerror}.") from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(_taken(folder, handle.name)) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _taken(folder: Path, lock: str) -> str:
    process = Path(lock).read_text(encoding="utf-8").strip() or "unknown"
    return f"micraweb already runs on {folder} (process {process}); stop it with Ctrl-C there."
