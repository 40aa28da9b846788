"""A whole site on one machine, started by `manage.py up` as a person would."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

CODE = Path(__file__).resolve().parents[2]
# What would make the site use other services than its own.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "MICRAWEB_DATA")


@dataclass
class Up:
    """A running `manage.py up`."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def read_until(self, text: str, *, seconds: float = 120.0) -> str:
        """Return the first line of output that holds `text`."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + seconds
        while line := str(self.process.stdout.readline()):
            self.lines.append(line)
            if text in line:
                return line
            assert time.monotonic() < deadline, self.lines
        raise AssertionError(f"ended without saying {text!r}: {''.join(self.lines)}")

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process:
        """Return the direct child whose command has all these words."""
        for process in psutil.Process(self.process.pid).children():
            if all(any(word in part for part in process.cmdline()) for word in words):
                return process
        raise AssertionError(f"no child with {words}")


@contextmanager
def up(data: Path, *arguments: str, **services: str) -> Iterator[Up]:
    """Start a site on `data`; `services` may name DATABASE_URL and REDIS_URL to use."""
    environment = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", *arguments],
        cwd=CODE,
        env={**environment, **services, "MICRAWEB_DATA": str(data), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Up(process)
    finally:
        process.terminate()
        process.wait(60)
