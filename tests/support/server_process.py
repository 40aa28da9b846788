"""Start a server for the length of a test run."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from micraweb.launcher.orphans import dies_with_parent

SECONDS_TO_START = 120.0


def run_server(
    command: Sequence[str],
    *,
    log: Path,
    ready: Callable[[], bool],
    add_cleanup: Callable[[Callable[[], None]], None],
    end_with: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Start `command`, wait until `ready`, and have it ended with the test run, however that ends.

    It runs in `/`, because a server that gives up its rights may not enter the present folder.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(command),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env={**os.environ, **(environment or {})},
            user=user,
            group=_group_of(user),
            extra_groups=[] if user else None,
            start_new_session=True,
            preexec_fn=dies_with_parent(end_with),
        )
    add_cleanup(lambda: _end(process, end_with))
    deadline = time.monotonic() + SECONDS_TO_START
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            text = log.read_text(errors="replace")
            raise pytest.UsageError(f"{command[0]} did not start:\n{text[-3000:]}")
        time.sleep(0.02)


def _group_of(user: str | None) -> int | None:
    if user is None:
        return None
    import pwd

    return pwd.getpwnam(user).pw_gid


def _end(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    process.send_signal(number)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
