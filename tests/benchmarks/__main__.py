"""All benchmarks, one after the other: JSON lines.

`python -m tests.benchmarks [NAME...]`: names of benchmarks, or of their groups ``speed``,
``people`` and ``quality``; without a name all of them. A line with ``benchmark`` and ``options``
stands before the lines of each. Images are read from the folder that MICRAWEB_SHARED_DATA names;
what needs a set that is absent is left out.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from .plan import PLAN, Benchmark


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    names = set(parser.parse_args().names)
    if unknown := names - {known for each in PLAN for known in (each.group, each.name)}:
        parser.error(f"there is no benchmark named {', '.join(sorted(unknown))}")
    shared = Path(os.environ.get("MICRAWEB_SHARED_DATA", "../shared/data"))
    failed = run_all(chosen(names), shared)
    if failed:
        sys.exit(f"Did not end well: {', '.join(failed)}.")


def chosen(names: set[str]) -> list[Benchmark]:
    """Those of the plan with one of the names, or of a group with one; all, if there is none."""
    return [each for each in PLAN if not names or names & {each.group, each.name}]


def run_all(benchmarks: Iterable[Benchmark], shared: Path) -> list[str]:
    """Each in a process of its own, so that none warms the next; the names of those that fail.

    One that fails does not keep the others from running.
    """
    failed = []
    for benchmark in benchmarks:
        if benchmark.folder and not (shared / benchmark.folder).is_dir():
            print(f"{shared / benchmark.folder} is absent: left out.", file=sys.stderr)
        elif not _ran(benchmark, shared):
            failed.append(benchmark.name)
    return failed


def _ran(benchmark: Benchmark, shared: Path) -> bool:
    print(json.dumps({"benchmark": benchmark.name, "options": benchmark.options}), flush=True)
    command = [sys.executable, "-m", benchmark.module, *benchmark.arguments(shared)]
    return subprocess.run(command).returncode == 0


if __name__ == "__main__":
    main()
