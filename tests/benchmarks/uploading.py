"""Thousands of files dropped on the page of a data set: seconds, stalls, and what the page holds.

    python -m tests.benchmarks.uploading [--files 3000] [--bad 5] [--shots FOLDER]

A whole site as `manage.py up` starts it (SQLite, its own queue and worker) and headless Chromium.
The folder is dropped, the page reloaded when a third is sent, the same folder dropped again, the
line cut for some seconds at two thirds; then the page of the full data set is opened. A stall is
the longest task of the page's thread. One JSON line per metric.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from tests.benchmarks.engine_parts import report
from tests.benchmarks.uploading_site import Site, opened, upload_site
from tests.support.dropping import drop, stalls, watch

SIDE = 128
OFFLINE_SECONDS = 5
PATIENCE_SECONDS = 3600


def main() -> None:
    """Print one JSON line per metric."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--bad", type=int, default=5, help="of them are no images")
    parser.add_argument("--shots", type=Path, help="folder for pictures of the page")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plate = Path(folder) / "plate"
        _write_files(plate, chosen.files, chosen.bad)
        with upload_site(Path(folder) / "data") as site, opened(site) as page:
            _send(page, site, plate, chosen)
            _import(page, site, chosen)
            _open_again(page, site, chosen)


def _write_files(folder: Path, count: int, bad: int) -> None:
    """8-bit PNGs of noise, some of them no images at all."""
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(count):
        path = folder / f"well{number:05d}.png"
        if number < bad:
            path.write_text(f"This is no image: {number}")
        else:
            noise = random.integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
            Image.fromarray(noise).save(path)


def _send(page: Page, site: Site, plate: Path, chosen: argparse.Namespace) -> None:
    total = chosen.files
    start = _dropped(page, plate)
    report("seconds_to_first_sent", _until(page, start, lambda: _sent(page) > 0))
    _until(page, start, lambda: _sent(page) >= total // 3)
    _shoot(page, chosen, "sending")
    report("first_third_seconds", time.perf_counter() - start)
    _report_stalls(page, "first_third")
    page.reload()
    start = _dropped(page, plate)
    report("here_after_reload_seconds", _until(page, start, lambda: _number(page, "here") > 0))
    here = _number(page, "here")
    report("not_sent_again", here)
    rest = total - here
    _until(page, start, lambda: _sent(page) >= rest // 2)
    page.context.set_offline(True)
    page.wait_for_timeout(OFFLINE_SECONDS * 1000)
    _shoot(page, chosen, "offline")
    page.context.set_offline(False)
    seconds = _until(page, start, lambda: _sent(page) >= rest)
    report("rest_seconds", seconds)
    report("rest_files_per_second", rest / (seconds - OFFLINE_SECONDS))
    _report_stalls(page, "rest")


def _import(page: Page, site: Site, chosen: argparse.Namespace) -> None:
    start, good = time.perf_counter(), chosen.files - chosen.bad
    _shoot(page, chosen, "reading")
    _until(page, start, lambda: site.ready() >= good)
    report("all_imported_after_sending_seconds", time.perf_counter() - start)
    page.wait_for_timeout(3000)
    report("refused", page.locator(".upload-row[data-state=failed]").count())
    _report_stalls(page, "all")
    _shoot(page, chosen, "done")


def _open_again(page: Page, site: Site, chosen: argparse.Namespace) -> None:
    start = time.perf_counter()
    page.goto(site.address)
    page.wait_for_selector(".image-card")
    report("page_of_all_images_seconds", time.perf_counter() - start)
    watch(page)
    page.get_by_role("button", name="Next page").click()
    page.wait_for_function("() => document.querySelector('.image-place').textContent[0] !== '1'")
    page.wait_for_timeout(1000)
    _report_stalls(page, "turning_a_page")
    _shoot(page, chosen, "second_page")


def _dropped(page: Page, plate: Path) -> float:
    page.wait_for_selector(".dropzone")
    watch(page)
    start = time.perf_counter()
    drop(page, plate)
    return start


def _sent(page: Page) -> int:
    return _number(page, "done")


def _number(page: Page, choice: str) -> int:
    """How many files the page says are in a state."""
    text = page.locator(f".upload-choice option[value={choice}]").text_content() or ""
    return int("".join(letter for letter in text if letter.isdecimal()) or 0)


def _until(page: Page, start: float, done: Callable[[], bool]) -> float:
    """Seconds since `start` when it was so."""
    while not done():
        if time.perf_counter() - start > PATIENCE_SECONDS:
            raise TimeoutError(page.locator(".upload-status").text_content())
        page.wait_for_timeout(100)
    return time.perf_counter() - start


def _report_stalls(page: Page, what: str) -> None:
    found = stalls(page)
    report(f"{what}_longest_task_ms", found["task"])
    report(f"{what}_longest_frame_ms", found["frame"])
    report(f"{what}_most_rows", found["rows"])
    report(f"{what}_most_cards", found["cards"])


def _shoot(page: Page, chosen: argparse.Namespace, name: str) -> None:
    if chosen.shots is None:
        return
    chosen.shots.mkdir(parents=True, exist_ok=True)
    for width, height in ((1440, 900), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)
        page.screenshot(path=chosen.shots / f"{name}_{width}.png")
    page.set_viewport_size({"width": 1440, "height": 900})


if __name__ == "__main__":
    main()
