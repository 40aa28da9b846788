"""A scripted person at the gallery in Chromium."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import FLAGS, system_browser

Report = Callable[[str, float], None]
WINDOW = {"width": 1440, "height": 900}
READY = "#island-gallery[data-ready=true][data-loading=false]"
DRAWN = ".gallery-stage[data-drawn=true]"
CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline"]
ANSWERS, SCREENS = 200, 12

# From the key to the frame on which every picture of the next screen is drawn.
TURN = """async () => {
    const stage = window.micraweb.stage;
    const start = performance.now();
    stage.grid.dispatchEvent(new KeyboardEvent("keydown", { key: "PageDown", bubbles: true }));
    while (stage.element.dataset.drawn !== "true") await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""
# Times between frames while the list scrolls by 60 px a frame, in ms.
SCROLL = """async frames => {
    const { grid } = window.micraweb.stage;
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    for (let frame = 0; frame < frames; frame += 1) {
        grid.scrollTop += 60;
        const now = await new Promise(requestAnimationFrame);
        times.push(now - last);
        last = now;
    }
    return times;
}"""


@contextmanager
def page_of(address: str, cookie: tuple[str, str]) -> Iterator[tuple[Browser, Page]]:
    found = system_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found) if found else None, args=FLAGS
        )
        context = browser.new_context(viewport=WINDOW)  # type: ignore[arg-type]
        context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": address}])
        yield browser, context.new_page()
        browser.close()


def work(browser: Browser, page: Page, url: str, name: str, report: Report) -> None:
    """All that is measured on one gallery."""
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(READY)
    page.wait_for_selector(DRAWN)
    report(f"{name}_first_screen_ms", 1000 * (time.perf_counter() - start))
    _single(browser, page, name, report)
    _bulk(page, name, report)
    _turn(page, name, report)
    frames = np.array(page.evaluate(SCROLL, 180))
    report(f"{name}_scroll_frame_p50_ms", float(np.percentile(frames, 50)))
    report(f"{name}_scroll_frame_p95_ms", float(np.percentile(frames, 95)))
    page.wait_for_selector("#island-gallery[data-saved=true]")


def _single(browser: Browser, page: Page, name: str, report: Report) -> None:
    browser.start_tracing(page=page, categories=CATEGORIES)
    start = time.perf_counter()
    for number in range(ANSWERS):
        page.keyboard.press("12"[number % 2])
        page.wait_for_timeout(20)
    seconds = time.perf_counter() - start
    painted = _painted(json.loads(browser.stop_tracing()))
    report(f"{name}_single_key_answers_per_min", 60 * ANSWERS / seconds)
    report(f"{name}_key_handler_p95_ms", float(np.percentile(painted["handler"], 95)))
    report(f"{name}_key_to_painted_p50_ms", float(np.percentile(painted["painted"], 50)))
    report(f"{name}_key_to_painted_p95_ms", float(np.percentile(painted["painted"], 95)))


def _painted(trace: dict[str, Any]) -> dict[str, list[float]]:
    """ms of each key's handler, and from its beginning to the end of the next frame's commit."""
    events = sorted(trace["traceEvents"], key=lambda event: event.get("ts", 0))
    keys = [
        (one["ts"], one["ts"] + one.get("dur", 0), one["pid"], one["tid"])
        for one in events
        if one["name"] == "EventDispatch" and one["args"]["data"]["type"] == "keydown"
    ]
    commits = [
        (one["ts"], one["ts"] + one.get("dur", 0), one["pid"], one["tid"])
        for one in events
        if one["name"] == "Commit"
    ]
    handler, painted = [], []
    for began, ended, process, thread in keys:
        following = [
            end for start, end, *of in commits if start >= ended and of == [process, thread]
        ]
        if following:
            handler.append((ended - began) / 1000)
            painted.append((following[0] - began) / 1000)
    return {"handler": handler, "painted": painted}


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
    page.wait_for_timeout(100)
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
