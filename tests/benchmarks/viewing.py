"""How fast images are looked at: chunks for many viewers at once, and one browser.

    python -m tests.benchmarks.viewing [--viewers 20] [--chunks 50] [--no-browser]

The site is one of its own: a web process as `manage.py up` starts it, SQLite, and an image of
20,000 x 20,000 px in 16 bit under a grid of 10,000 patches. The browser is headless Chromium that
draws without a graphics card. One JSON line per metric (``metric, value``).
"""

import argparse
import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import requests

from tests.benchmarks.viewing_site import Site, large_image_site

CHUNK_ROWS = 40


def main() -> None:
    """Print one JSON line per metric."""
    options = parse()
    with tempfile.TemporaryDirectory() as folder, large_image_site(Path(folder)) as site:
        _chunks(site, options.viewers, options.chunks)
        if not options.no_browser:
            from tests.benchmarks.viewing_page import browse

            browse(site, report)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--chunks", type=int, default=50, help="that each of them asks for")
    parser.add_argument("--no-browser", action="store_true")
    return parser.parse_args()


def report(metric: str, value: float) -> None:
    print(json.dumps({"metric": metric, "value": round(value, 4)}), flush=True)


def _chunks(site: Site, viewers: int, count: int) -> None:
    """Everybody asks for one chunk after the other, all of them at once."""
    start = time.perf_counter()
    with ThreadPoolExecutor(viewers) as pool:
        found = list(pool.map(lambda seed: _view(site, seed, count), range(viewers)))
    seconds = time.perf_counter() - start
    latencies = np.concatenate([latency for latency, _ in found]) * 1000
    received = sum(size for _, size in found)
    report("viewers", viewers)
    report("chunk_ms_median", float(np.median(latencies)))
    report("chunk_ms_p95", float(np.percentile(latencies, 95)))
    report("chunks_per_second", viewers * count / seconds)
    report("chunk_mb_per_second", received / seconds / 1e6)


def _view(site: Site, seed: int, count: int) -> tuple[list[float], int]:
    """(seconds of each request, bytes received) of one person who wanders over the image."""
    places = np.random.default_rng(seed).integers(0, CHUNK_ROWS, (count, 2))
    session, received, latencies = requests.Session(), 0, []
    session.cookies.set(*site.cookie)
    for row, column in places:
        start = time.perf_counter()
        address = f"{site.address}/api/images/{site.image}/store/0/c/0/{row}/{column}"
        answer = session.get(address, timeout=60)
        answer.raise_for_status()
        received += len(answer.content)
        latencies.append(time.perf_counter() - start)
    return latencies, received


if __name__ == "__main__":
    main()
