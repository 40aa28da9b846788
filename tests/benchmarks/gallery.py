"""How fast the gallery is: its list at a million patches, and a scripted person in a browser.

    python -m tests.benchmarks.gallery [--patches 10000 100000] [--list 1000000] [--labels 2000000]

The site is one of its own: PostgreSQL that keeps what it acknowledges, and gunicorn. The answers of
the list are of 20 people. The browser is headless Chromium that draws without a graphics card. From
a key to the paint counts as the browser's own trace has it (event timing: from the press to the
frame that was presented); so do the frames while it scrolls. ``floor`` is the same on an empty page
in the same run: what this machine needs for nothing. A display of 60 Hz alone makes a key wait half
a frame and often a whole one; ``unpaced`` is in a browser that draws as soon as it can, and
``key_work`` the processor time of all its threads from the key to the frame. One JSON line per
metric (``metric, value``).
"""

import argparse
import json
import time
from typing import Any

import numpy as np
import requests

from tests.benchmarks.gallery_data import answer, make_gallery, score
from tests.benchmarks.gallery_page import FLAGS, page_of, unpaced, work
from tests.benchmarks.gallery_work import UNPACED
from tests.benchmarks.labelling_site import Site, site
from tests.benchmarks.whole_site import cookie_of

PEOPLE = 20
ASKED = 25
LISTS: dict[str, dict[str, Any]] = {
    "unanswered": {"state": "unanswered"},
    "random": {"state": "unanswered", "order": "random", "seed": 3},
    "uncertain": {"state": "unanswered", "order": "uncertain"},
    "own_no": {"state": "no"},
}


def main() -> None:
    """Print one JSON line per metric."""
    options = parse()
    with site(database="postgres") as running:
        running.start()
        if options.list:
            _lists(running, options.list, options.labels)
        for patches in options.patches:
            _browser(running, patches)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--patches", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--list", type=int, default=1_000_000, help="patches of the list; 0: none")
    parser.add_argument("--labels", type=int, default=2_000_000, help="answers beside the list")
    return parser.parse_args()


def report(metric: str, value: float) -> None:
    print(json.dumps({"metric": metric, "value": round(value, 2)}), flush=True)


def _lists(running: Site, patches: int, labels: int) -> None:
    dataset, structure = make_gallery(patches, pixels=False)
    people = answer(dataset, structure, people=PEOPLE, labels=labels)
    score(dataset, structure)
    name, value = cookie_of(people[0])
    address = f"{running.address}/api/datasets/{dataset.pk}/patches/"
    for kind, query in LISTS.items():
        times, cursor = [], ""
        for _ in range(ASKED):
            start = time.perf_counter()
            asked = {"structure": structure.pk, "limit": 400, "cursor": cursor, **query}
            reply = requests.get(address, asked, cookies={name: value}, timeout=60)
            times.append(1000 * (time.perf_counter() - start))
            reply.raise_for_status()
            cursor = reply.json()["next"] or ""
        report(f"list_{kind}_p50_ms", float(np.percentile(times, 50)))
        report(f"list_{kind}_p95_ms", float(np.percentile(times, 95)))


def _browser(running: Site, patches: int) -> None:
    from annotations.models import Preferences

    dataset, _ = make_gallery(patches, pixels=True)
    manager = dataset.project.created_by
    Preferences.objects.create(user=manager, tour_seen=True)
    url = f"{running.address}/datasets/{dataset.pk}/gallery/"
    cookie, name = cookie_of(manager), f"gallery_{patches}"
    with page_of(running.address, cookie) as (browser, page):
        work(browser, page, url, name, report)
    with page_of(running.address, cookie, [*FLAGS, *UNPACED]) as (browser, page):
        unpaced(browser, page, url, name, report)


if __name__ == "__main__":
    main()
