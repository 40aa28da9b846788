"""Twenty people who answer at once, on a real server and a real database. JSON lines.

    python -m tests.benchmarks.labelling            20 on PostgreSQL, then 5 on SQLite
    python -m tests.benchmarks.labelling --large    1,000,000 patches and 2,000,000 answers
    python -m tests.benchmarks.labelling --rounds 50    the server is killed in mid-stream

Everybody asks for 60 patches and answers them in batches of 30, 30 answers a second: 600 a second
of twenty. Server, database and clients share the machine.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.benchmarks.labelling_people import Cell, Diary, Task, together
from tests.benchmarks.labelling_site import Site, site

PACE = 30.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--pace", type=float, default=PACE, help="answers per second and person")
    parser.add_argument("--rounds", type=int, default=0, help="kill the server so many times")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--database", choices=("both", "postgres", "sqlite"), default="both")
    options = parser.parse_args()
    if options.rounds:
        killed(options.rounds)
    elif options.large:
        from tests.benchmarks.labelling_large import large

        large(say)
    elif options.database == "both":
        # Django is set up on one database for as long as a process lives.
        for database in ("postgres", "sqlite"):
            command = [sys.executable, "-m", "tests.benchmarks.labelling", *sys.argv[1:]]
            subprocess.run([*command, "--database", database], check=True)
    elif options.database == "postgres":
        many(options.people, options.seconds, options.pace)
    else:
        few(options.seconds)


def say(metric: str, value: float, **more: Any) -> None:
    """One line of JSON."""
    print(json.dumps({"metric": metric, "value": round(value, 4), **more}), flush=True)


def many(people: int, seconds: float, pace: float) -> None:
    """The figures of twenty people on PostgreSQL."""
    with site(database="postgres") as running:
        from tests.benchmarks.labelling_data import make_data

        project = make_data(people=people, images=400, side=32)
        running.start()
        task = Task(running.port, project.dataset.pk, project.structure.pk, seconds, pace)
        start = time.monotonic()
        diaries = together(task, project.tokens)
        _speed(diaries, time.monotonic() - start, seconds, database="postgres", people=people)
        _truth(diaries, project.structure.pk, database="postgres")
        burst = together(task, project.tokens, bursts=20)
        say("next_at_once_p95_ms", _p95(burst, "asking"), people=people)
        say("handed_out_twice", _twice([*diaries, *burst]), phase="with those asked at once")


def few(seconds: float) -> None:
    """Five people on the one-machine site, whose database is SQLite."""
    with site(database="sqlite", workers=1) as running:
        from tests.benchmarks.labelling_data import make_data

        project = make_data(people=5, images=100, side=32)
        running.start()
        task = Task(running.port, project.dataset.pk, project.structure.pk, seconds, PACE)
        diaries = together(task, project.tokens)
        _speed(diaries, seconds, seconds, database="sqlite", people=5)
        _truth(diaries, project.structure.pk, database="sqlite")
        log = (running.folder / "web.log").read_text()
        errors = [error for diary in diaries for error in diary.errors]
        say("locked", log.count("database is locked"), database="sqlite", errors=len(errors))


def killed(rounds: int) -> None:
    """Kill the server while people answer: what was acknowledged is there, nothing is double."""
    with site(database="postgres") as running:
        from tests.benchmarks.labelling_data import make_data

        project = make_data(people=5, images=400, side=32)
        running.start()
        task = Task(
            running.port, project.dataset.pk, project.structure.pk, rounds * 3.0, PACE, patient=True
        )
        diaries = together(
            task, project.tokens, meanwhile=lambda: _kill_again_and_again(running, rounds)
        )
        interrupted = sum(len(diary.errors) for diary in diaries)
        say("killed", rounds, interrupted_requests=interrupted)
        _truth(diaries, project.structure.pk, database="postgres")


def _kill_again_and_again(running: Site, rounds: int) -> None:
    chance = random.Random(5)
    for _ in range(rounds):
        time.sleep(chance.uniform(0.5, 2.0))
        running.kill()
        running.start()


def _speed(diaries: Sequence[Diary], took: float, seconds: float, **more: Any) -> None:
    answers = sum(len(diary.acknowledged) for diary in diaries)
    say("p95_ms", _p95(diaries, "answering"), **more)
    say("p50_ms", _quantile(diaries, "answering", 0.5), **more)
    say("next_p95_ms", _p95(diaries, "asking"), **more)
    say("next_p50_ms", _quantile(diaries, "asking", 0.5), **more)
    say("labels_per_s", answers / seconds, **more)
    failed = [error for diary in diaries for error in diary.errors]
    say("errors", len(failed), **more, **({"first": failed[0]} if failed else {}))


def _truth(diaries: Sequence[Diary], structure: int, **more: Any) -> None:
    """What the database holds against what the clients were told it holds."""
    from annotations.models import Label, LabelChange

    rows = LabelChange.objects.filter(structure=structure).values_list("event", flat=True)
    kept = Counter(str(event) for event in rows)
    told = [event for diary in diaries for event in diary.acknowledged]
    say("sent", len(told), **more)
    say("lost", sum(event not in kept for event in told), **more)
    say("duplicated", sum(count - 1 for count in kept.values()), **more)
    labels = Label.objects.filter(structure=structure).count()
    say("answers_beside_those_sent", labels - len(told), **more)
    say("handed_out_twice", _twice(diaries), **more)


def _twice(diaries: Sequence[Diary]) -> int:
    holders: dict[Cell, set[int]] = {}
    for number, diary in enumerate(diaries):
        for cell in diary.handed:
            holders.setdefault(cell, set()).add(number)
    return sum(len(own) > 1 for own in holders.values())


def _p95(diaries: Sequence[Diary], what: str) -> float:
    return _quantile(diaries, what, 0.95)


def _quantile(diaries: Sequence[Diary], what: str, quantile: float) -> float:
    seconds = [one for diary in diaries for one in getattr(diary, what)]
    return 1000 * float(np.quantile(seconds, quantile)) if seconds else float("nan")


if __name__ == "__main__":
    main()
