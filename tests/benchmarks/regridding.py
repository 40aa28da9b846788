"""How long a change of the patch grid takes where a million answers are given. JSON lines.

    python -m tests.benchmarks.regridding [--images 1000] [--database postgres|sqlite]

Images of 32 x 32 patches of 64 px, all of them answered by one person, are put on patches of
128 px with what follows carried over, and back again. Seconds are of the job itself, as a worker
does it; memory is this process's, the database's is its own. Meanwhile somebody else writes to
another data set, twenty times a second: how long that takes at most is how long others wait.
"""

import argparse
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.benchmarks.labelling_site import site
from tests.benchmarks.memory import peak_mb


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--database", choices=("postgres", "sqlite"), default="postgres")
    options = parser.parse_args()
    with site(database=options.database):
        from tests.benchmarks.labelling_data import answer_all, make_data

        project = make_data(people=1, images=options.images, side=32)
        answers = answer_all(project, project.people)
        before = peak_mb()
        forth = _change(project.dataset, 128)
        back = _change(project.dataset, 64)
    for name, (seconds, waited, report) in {"forth": forth, "back": back}.items():
        line = {"metric": f"grid_change_{name}_s", "value": round(seconds, 2), "answers": answers}
        print(json.dumps(line | report), flush=True)
        line = {"metric": f"grid_change_{name}_others_wait_s", "value": round(waited, 2)}
        print(json.dumps(line), flush=True)
    grown = {"metric": "grid_change_memory_grown_mib", "value": peak_mb() - before}
    print(json.dumps(grown | {"peak_mib": peak_mb()}), flush=True)


def _change(dataset: Any, patch_size: int) -> tuple[float, float, dict[str, int]]:
    from annotations.jobs.errands.runner import run_errand
    from annotations.models import Errand
    from tests import factories

    errand = factories.make_errand(
        dataset=dataset,
        kind=Errand.Kind.GRID,
        params={"patch_size": patch_size, "overlap": 0, "transfer": True},
    )
    with _somebody_else() as waits:
        start = time.perf_counter()
        run_errand(errand.pk)
        seconds = time.perf_counter() - start
    errand.refresh_from_db()
    if errand.state != Errand.State.DONE:
        raise RuntimeError(errand.error)
    return seconds, max(waits), errand.report


@contextmanager
def _somebody_else() -> Iterator[list[float]]:
    """Writes to another data set until the end; how long each time took."""
    from tests import factories

    other, ended = factories.make_dataset(), threading.Event()
    waits: list[float] = []
    thread = threading.Thread(target=_write, args=(other, ended, waits))
    thread.start()
    try:
        yield waits
    finally:
        ended.set()
        thread.join()


def _write(dataset: Any, ended: threading.Event, waits: list[float]) -> None:
    from django.db import OperationalError, connection

    while not ended.wait(0.05):
        start = time.perf_counter()
        # After its half a minute SQLite gives up, and the browser would ask again.
        with suppress(OperationalError):
            dataset.save(update_fields=["description"])
        waits.append(time.perf_counter() - start)
    connection.close()


if __name__ == "__main__":
    main()
