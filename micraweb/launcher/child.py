"""One process that the launcher started."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from micraweb.launcher.orphans import dies_with_parent

TAIL_LINES = 15
KEEP_LOG_BYTES = 5_000_000


@dataclass
class Child:
    """A command that runs in a session of its own and writes to a log file.

    The session of its own keeps a Ctrl-C in the terminal from reaching it before the launcher
    decides in which order to end things, and lets `kill` reach its children too.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path | None = None
    grace: float = 10.0
    when_orphaned: signal.Signals = signal.SIGTERM
    outlives_others: bool = False
    started_at: float = field(default=0.0, init=False)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        shorten(self.log)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                list(self.command),
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with_parent(self.when_orphaned),
            )
        self.started_at = time.monotonic()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return None if self.process is None else self.process.poll()

    def ask_to_end(self) -> None:
        if self.process is not None and self.alive:
            self.process.send_signal(signal.SIGTERM)

    def end(self) -> None:
        """Wait for the process to end as asked, then make sure that nothing of it is left."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.grace)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def tail(self, lines: int = TAIL_LINES) -> str:
        """Return the last lines of the log."""
        if not self.log.exists():
            return ""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])


def shorten(log: Path) -> None:
    """Keep one older generation of a log that has grown large."""
    if log.exists() and log.stat().st_size > KEEP_LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))
