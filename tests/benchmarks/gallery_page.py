"""A scripted person at the gallery in Chromium."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.gallery_floor import (
    CATEGORIES,
    frame_times,
    key_times,
    open_empty,
    scroll,
)
from tests.benchmarks.gallery_work import work_times
from tests.support.browsers import system_browser

Report = Callable[[str, float], None]
WINDOW = {"width": 1440, "height": 900}
READY = "#island-gallery[data-ready=true][data-loading=false]"
DRAWN = ".gallery-stage[data-drawn=true]"
ANSWERS, SCREENS, SCROLLS = 150, 12, 4
# Between two keys, ms.
PAUSE = 40

# From the key to the frame on which every picture of the next screen is drawn.
TURN = """async () => {
    const stage = window.micraweb.stage;
    const start = performance.now();
    stage.grid.dispatchEvent(new KeyboardEvent("keydown", { key: "PageDown", bubbles: true }));
    while (stage.element.dataset.drawn !== "true") await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""
# The list alone is scrolled; no graphics card is asked of whoever answers questions.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def page_of(
    address: str, cookie: tuple[str, str], flags: Sequence[str] = FLAGS
) -> Iterator[tuple[Browser, Page]]:
    found = system_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found) if found else None, args=list(flags)
        )
        context = browser.new_context(viewport=WINDOW)  # type: ignore[arg-type]
        context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": address}])
        yield browser, context.new_page()
        browser.close()


def work(browser: Browser, page: Page, url: str, name: str, report: Report) -> None:
    """All that is measured on one gallery, and on a page that is empty."""
    open_empty(page)
    _keys(browser, page, f"{name}_floor", report)
    _scroll(browser, page, f"{name}_floor", report)
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(READY)
    page.wait_for_selector(DRAWN)
    report(f"{name}_first_screen_ms", 1000 * (time.perf_counter() - start))
    _keys(browser, page, name, report)
    _bulk(page, name, report)
    _turn(page, name, report)
    _browse(page)
    _scroll(browser, page, name, report)
    _memory(page, name, report)
    page.wait_for_selector("#island-gallery[data-saved=true]")


def unpaced(browser: Browser, page: Page, url: str, name: str, report: Report) -> None:
    """What a key costs where no display sets the pace, beside the same of a page that is empty."""
    open_empty(page)
    floor = _costs(browser, page, f"{name}_floor_unpaced", report)
    page.goto(url)
    page.wait_for_selector(READY)
    page.wait_for_selector(DRAWN)
    found = _costs(browser, page, f"{name}_unpaced", report)
    report(f"{name}_unpaced_key_to_painted_times_floor", found / floor)
    page.wait_for_selector("#island-gallery[data-saved=true]")


def _costs(browser: Browser, page: Page, name: str, report: Report) -> float:
    """ms from a key to the paint, p95, and what processors did for it."""
    trace, _ = _press(browser, page, [*CATEGORIES, "toplevel"])
    painted = key_times(trace)["painted"]
    for metric, times in (("key_to_painted", painted), ("key_work", work_times(trace))):
        report(f"{name}_{metric}_p50_ms", float(np.percentile(times, 50)))
        report(f"{name}_{metric}_p95_ms", float(np.percentile(times, 95)))
    return float(np.percentile(painted, 95))


def _press(browser: Browser, page: Page, categories: list[str]) -> tuple[dict[str, Any], float]:
    """The trace of so many keys, and the seconds that they took."""
    browser.start_tracing(page=page, categories=categories)
    start = time.perf_counter()
    for number in range(ANSWERS):
        page.keyboard.press("12"[number % 2])
        page.wait_for_timeout(PAUSE)
    seconds = time.perf_counter() - start
    return json.loads(browser.stop_tracing()), seconds


def _keys(browser: Browser, page: Page, name: str, report: Report) -> None:
    trace, seconds = _press(browser, page, CATEGORIES)
    times = key_times(trace)
    report(f"{name}_single_key_answers_per_min", 60 * ANSWERS / seconds)
    report(f"{name}_key_handler_p95_ms", float(np.percentile(times["handler"], 95)))
    report(f"{name}_key_to_painted_p50_ms", float(np.percentile(times["painted"], 50)))
    report(f"{name}_key_to_painted_p95_ms", float(np.percentile(times["painted"], 95)))


def _browse(page: Page) -> None:
    page.get_by_role("radio", name="Browse").click()
    page.wait_for_selector(READY)
    page.wait_for_selector(DRAWN)


def _scroll(browser: Browser, page: Page, name: str, report: Report) -> None:
    session = page.context.new_cdp_session(page)
    scroll(session)
    browser.start_tracing(page=page, categories=CATEGORIES)
    for _ in range(SCROLLS):
        scroll(session)
    frames = frame_times(json.loads(browser.stop_tracing()))
    report(f"{name}_scroll_frame_p50_ms", float(np.percentile(frames, 50)))
    report(f"{name}_scroll_frame_p95_ms", float(np.percentile(frames, 95)))


def _memory(page: Page, name: str, report: Report) -> None:
    """After a walk through the list: what the page holds, and how many elements there are."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    report(f"{name}_heap_mb", found["JSHeapUsedSize"] / 1e6)
    report(f"{name}_elements", found["Nodes"])
    report(f"{name}_patches_here", page.evaluate("window.micraweb.items.length"))


def _bulk(page: Page, name: str, report: Report) -> None:
    """Three answers of its own on each screen, then the rest is no, then the next screen."""
    before = _count(page)
    start = time.perf_counter()
    for _ in range(SCREENS):
        for key in ("1", "ArrowRight", "1", "3", "r", "PageDown"):
            page.keyboard.press(key)
            page.wait_for_timeout(20)
    seconds = time.perf_counter() - start
    report(f"{name}_bulk_answers_per_min", 60 * (_count(page) - before) / seconds)


def _count(page: Page) -> int:
    # The panel counts a moment after the last key.
    page.wait_for_timeout(400)
    counts = page.locator("#island-gallery").get_attribute("data-counts") or "0"
    return sum(int(part) for part in counts.split(","))


def _turn(page: Page, name: str, report: Report) -> None:
    times = []
    for _ in range(SCREENS):
        # As long as somebody looks at a screen: the next one comes meanwhile.
        page.wait_for_timeout(1500)
        times.append(page.evaluate(TURN))
    report(f"{name}_screen_change_p50_ms", float(np.percentile(times, 50)))
    report(f"{name}_screen_change_p95_ms", float(np.percentile(times, 95)))
