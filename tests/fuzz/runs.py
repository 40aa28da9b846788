"""Damaged files by the thousand, each read in a process that may die."""

import json
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fuzz.mutate import mutated
from tests.fuzz.seeds import write_seeds

MEMORY_MIB = 4096
SECONDS = 20
# For one that waits and does not compute; a busy machine must not look like that.
_WALL_SECONDS = 1800
_BATCH = 50


def run(
    *, count: int, seed: int = 0, more: list[Path] | None = None, keep: Path | None = None
) -> dict[str, Any]:
    """Damage files and read them.

    Args:
        count: how many damaged files.
        seed: of the damage.
        more: files to be damaged besides the made ones.
        keep: a folder for the files that did what they should not.

    Returns:
        How many were read, refused, and what went wrong: crashes of the process, files that took
        more than SECONDS of computing, and exceptions other than a refusal.
    """
    tally = _Tally(keep)
    with tempfile.TemporaryDirectory() as folder:
        sources = [*write_seeds(Path(folder) / "seeds"), *(more or [])]
        for start in range(0, count, _BATCH):
            numbers = range(start, min(start + _BATCH, count))
            batch = [_damage(sources, number, seed, Path(folder)) for number in numbers]
            for result in _read_all(batch):
                tally.add(result)
            for path in batch:
                path.unlink()
    return {"files": count, "seed": seed, "formats": len(sources), **tally.figures()}


@dataclass
class _Tally:
    """What became of the files; those that did what they should not are kept in a folder."""

    keep: Path | None
    found: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def add(self, result: dict[str, Any]) -> None:
        self.slowest = max(self.slowest, result["seconds"])
        kind = _kind(result)
        self.found[kind] += 1
        if kind not in {"image", "refused"}:
            self.wrong.append(f"{Path(result['file']).name}: {result['outcome']}")
            _keep(Path(result["file"]), self.keep)

    def figures(self) -> dict[str, Any]:
        return {
            "images": self.found["image"],
            "refused": self.found["refused"],
            "crashes": self.found["crash"],
            "hangs": self.found["hang"],
            "exceptions": self.found["exception"],
            "slowest_s": self.slowest,
            "memory_limit_mib": MEMORY_MIB,
            "wrong": self.wrong[:50],
        }


def _damage(sources: list[Path], number: int, seed: int, folder: Path) -> Path:
    choices = random.Random(f"{seed}-{number}")
    source = sources[number % len(sources)]
    path = folder / f"{seed}-{number}-{source.name}"
    path.write_bytes(mutated(source.read_bytes(), choices))
    return path


def _kind(result: dict[str, Any]) -> str:
    outcome = result["outcome"]
    if outcome in {"image", "refused", "crash", "hang"}:
        late = result["seconds"] > SECONDS and outcome in {"image", "refused"}
        return "hang" if late else str(outcome)
    return "exception"


def _read_all(paths: list[Path]) -> list[dict[str, Any]]:
    """Results of all files, starting again after each one that killed its reader."""
    results: list[dict[str, Any]] = []
    while len(results) < len(paths):
        rest = paths[len(results) :]
        lines, ended = _child(rest)
        results += lines
        if len(lines) < len(rest):
            died = {"file": str(rest[len(lines)]), "outcome": ended, "seconds": 0.0}
            results.append(died)
    return results


def _child(paths: list[Path]) -> tuple[list[dict[str, Any]], str]:
    limits = [str(MEMORY_MIB), str(SECONDS)]
    command = [sys.executable, "-m", "tests.fuzz.child", *limits, *map(str, paths)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_WALL_SECONDS)
        output = done.stdout
        ended = "hang" if done.returncode == -signal.SIGPROF else "crash"
    except subprocess.TimeoutExpired as late:
        output, ended = late.stdout or b"", "hang"
    return [json.loads(line) for line in output.splitlines() if line.endswith(b"}")], ended


def _keep(path: Path, folder: Path | None) -> None:
    if folder is not None and path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / path.name).write_bytes(path.read_bytes())
