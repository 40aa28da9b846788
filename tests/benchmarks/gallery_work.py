"""What a key costs the browser, without the wait for the display's next tick."""

from collections.abc import Iterator
from typing import Any, NamedTuple

# A browser that draws as soon as it has something to draw.
UNPACED = ["--disable-gpu-vsync", "--disable-frame-rate-limit"]
# All that is between a key and the picture: the page, its layers, their pixels, the whole screen.
THREADS = ("CrRendererMain", "Compositor", "ThreadPoolForegroundWorker", "VizCompositorThread")
TASKS = ("ThreadControllerImpl::RunTask", "ThreadPool_RunTask")


class Span(NamedTuple):
    """Between two moments of a trace, µs."""

    start: float
    end: float


def key_spans(trace: dict[str, Any]) -> list[Span]:
    """Of each key: from the press to the presented frame, as browsers report it."""
    began: dict[str, float] = {}
    spans = []
    for one in sorted(trace["traceEvents"], key=lambda event: event.get("ts", 0)):
        if one["name"] != "EventTiming":
            continue
        key = str(one.get("id2") or one.get("id"))
        if one["ph"] == "b" and one["args"]["data"]["type"] == "keydown":
            began[key] = one["ts"]
        elif one["ph"] == "e" and key in began:
            spans.append(Span(began.pop(key), one["ts"]))
    return spans


def work_times(trace: dict[str, Any]) -> list[float]:
    """ms of processor time in each key's span, of all threads that take part in the frame.

    What they do besides at that time counts too; what others do on the machine does not.
    """
    tasks = sorted(_tasks(trace))
    return [
        sum(spent for start, end, spent in tasks if end >= span.start and start <= span.end)
        for span in key_spans(trace)
    ]


def _tasks(trace: dict[str, Any]) -> Iterator[tuple[float, float, float]]:
    """Start and end in µs, and ms of processor time."""
    ours = _threads(trace)
    for one in trace["traceEvents"]:
        if one["name"] in TASKS and "tdur" in one and (one["pid"], one["tid"]) in ours:
            yield one["ts"], one["ts"] + one["dur"], one["tdur"] / 1000


def _threads(trace: dict[str, Any]) -> set[tuple[int, int]]:
    named = [one for one in trace["traceEvents"] if one["ph"] == "M"]
    drawing = {
        one["pid"]
        for one in named
        if one["name"] == "process_name" and one["args"]["name"] in ("Renderer", "GPU Process")
    }
    return {
        (one["pid"], one["tid"])
        for one in named
        if one["name"] == "thread_name" and one["args"]["name"] in THREADS and one["pid"] in drawing
    }
