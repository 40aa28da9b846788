"""What the machine itself needs from a key to the paint, and for a frame of a page that scrolls."""

from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Page

from tests.benchmarks.gallery_work import key_spans

CATEGORIES = [
    "devtools.timeline",
    "disabled-by-default-devtools.timeline",
    "disabled-by-default-devtools.timeline.frame",
    "devtools.timeline.frame",
]
# A key changes the colour of a small box: nothing less can be painted.
EMPTY = """<!doctype html><title>empty</title><body style="margin:0;background:#111;height:90000px">
<div id=box style="width:90px;height:90px"></div><script>let n = 0;
addEventListener("keydown", () => { box.style.background = ["#a00", "#0a0"][n++ % 2]; });
</script>"""
SCROLL_PX, SCROLL_PX_PER_S = 6000, 2500


def open_empty(page: Page) -> None:
    page.goto("about:blank")
    page.set_content(EMPTY)
    page.wait_for_timeout(500)


def key_times(trace: dict[str, Any]) -> dict[str, list[float]]:
    """ms of each key: its handler; from the press to the presented frame, as browsers report it."""
    handler = [
        one.get("dur", 0) / 1000
        for one in trace["traceEvents"]
        if one["name"] == "EventDispatch" and one["args"]["data"]["type"] == "keydown"
    ]
    painted = [(span.end - span.start) / 1000 for span in key_spans(trace)]
    return {"handler": handler, "painted": painted}


def scroll(session: CDPSession, down: int = SCROLL_PX) -> None:
    """As a wheel or fingers do it: the browser itself moves the page."""
    session.send(
        "Input.synthesizeScrollGesture",
        {"x": 300, "y": 400, "yDistance": -down, "speed": SCROLL_PX_PER_S},
    )


def frame_times(trace: dict[str, Any]) -> list[float]:
    """ms between frames that were drawn, while anything moved."""
    drawn = sorted(one["ts"] for one in trace["traceEvents"] if one["name"] == "DrawFrame")
    between = np.diff(np.array(drawn)) / 1000
    # Longer ones are pauses between two movements.
    return [float(one) for one in between if one < 500]
