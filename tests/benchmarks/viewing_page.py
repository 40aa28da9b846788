"""What a person at a browser waits for: the first view, frames while panning, a contrast change."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from playwright.sync_api import Page, Response, sync_playwright

from tests.benchmarks.viewing_site import Site
from tests.support.browsers import FLAGS, system_browser

Report = Callable[[str, float], None]
WINDOW = {"width": 1440, "height": 900}
REPAINTS = 10
DRAWN = ".viewer[data-ready=true]"

# The times of all frames of the page until somebody asks for them.
COUNT_FRAMES = """() => {
    window.frames_at = [];
    const note = now => { window.frames_at.push(now); requestAnimationFrame(note); };
    requestAnimationFrame(note);
}"""
# From a moved slider to the changed pixel, which is read back from the canvas.
REPAINT = """async value => {
    const slider = document.querySelector(".dual-range input:nth-of-type(2)");
    const before = window.micraweb.pixelAt(10100, 10100)[0];
    const start = performance.now();
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    do await new Promise(requestAnimationFrame);
    while (window.micraweb.pixelAt(10100, 10100)[0] === before);
    return performance.now() - start;
}"""


def browse(site: Site, report: Report) -> None:
    with _page(site) as page:
        _first_view(page, site, report)
        _contrast(page, report)
        _panning(page, report)


@contextmanager
def _page(site: Site) -> Iterator[Page]:
    browser = system_browser()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(browser) if browser else None, args=FLAGS
        )
        context = chromium.new_context(viewport=WINDOW)  # type: ignore[arg-type]
        name, value = site.cookie
        context.add_cookies([{"name": name, "value": value, "url": site.address}])
        yield context.new_page()
        chromium.close()


def _first_view(page: Page, site: Site, report: Report) -> None:
    """From the address to the drawn image with its grid, with nothing kept of an earlier visit."""
    chunks: list[Response] = []
    page.on("response", lambda answer: chunks.append(answer) if "/c/" in answer.url else None)
    start = time.perf_counter()
    page.goto(f"{site.address}/images/{site.image}/label/")
    page.wait_for_selector(DRAWN)
    report("first_view_seconds", time.perf_counter() - start)
    report("first_view_chunks", len(chunks))


def _contrast(page: Page, report: Report) -> None:
    values = ("1500", "3000")
    times = [page.evaluate(REPAINT, values[step % 2]) for step in range(REPAINTS)]
    report("contrast_repaint_ms_median", float(np.median(times)))
    report("contrast_repaint_ms_p95", float(np.percentile(times, 95)))


def _panning(page: Page, report: Report) -> None:
    """Frames while the image with all lines of its grid is dragged to and fro."""
    # Close enough for the lines of the grid to be drawn.
    page.mouse.move(560, 500)
    for _ in range(2):
        page.mouse.wheel(0, -300)
    page.wait_for_selector(DRAWN)
    page.evaluate(COUNT_FRAMES)
    page.mouse.down(button="right")
    for x in (360, 760, 360, 760):
        page.mouse.move(x, 500 + x % 100, steps=20)
    page.mouse.up(button="right")
    frames = np.diff(page.evaluate("() => window.frames_at"))
    report("pan_frames", len(frames))
    report("pan_frame_ms_median", float(np.median(frames)))
    report("pan_frame_ms_p95", float(np.percentile(frames, 95)))
