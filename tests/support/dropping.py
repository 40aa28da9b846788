"""Files of a disk dropped on a page, as the system's file manager does it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

# Where the page is hit, in px of the window; a drop anywhere on it counts.
X, Y = 400, 400


def drop(page: Page, *paths: Path) -> None:
    """Drag files and folders over the page and let go."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": X, "y": Y, "data": data})
    session.detach()


# The longest time in which the page could not answer (ms), and the most rows and cards it held.
WATCH = """() => {
    window.stalls = { task: 0, frame: 0, rows: 0, cards: 0 };
    const { stalls } = window;
    new PerformanceObserver(list => {
        for (const { duration } of list.getEntries()) {
            stalls.task = Math.max(stalls.task, duration);
        }
    }).observe({ type: "longtask", buffered: true });
    let last = performance.now();
    const note = now => {
        stalls.frame = Math.max(stalls.frame, now - last);
        last = now;
        requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
    setInterval(() => {
        stalls.rows = Math.max(stalls.rows, document.querySelectorAll(".upload-row").length);
        stalls.cards = Math.max(stalls.cards, document.querySelectorAll(".image-card").length);
    }, 100);
}"""


def watch(page: Page) -> None:
    """Begin to note what the page suffers."""
    page.evaluate(WATCH)


@contextmanager
def tracing(page: Page) -> Iterator[list[float]]:
    """Note what the page computes; afterwards the list holds its longest task, in ms.

    In time of its own thread: on a machine with more to do than it can, tasks stand still, too.
    """
    browser = page.context.browser
    assert browser is not None
    found: list[float] = []
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    try:
        yield found
    finally:
        events = json.loads(browser.stop_tracing())["traceEvents"]
        found.append(max(_computing(events)) / 1000)


def _computing(events: list[dict[str, Any]]) -> Iterator[int]:
    """The time (us) that each event on the page's own thread took of it."""
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"].get("name") == "CrRendererMain"
    }
    for event in events:
        if "tdur" in event and (event["pid"], event["tid"]) in threads:
            yield event["tdur"]


def stalls(page: Page) -> dict[str, float]:
    """task and frame in ms, rows and cards: the largest since `watch`."""
    found: dict[str, float] = page.evaluate("() => window.stalls")
    return found
