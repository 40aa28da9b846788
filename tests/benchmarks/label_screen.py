"""From a key to the painted answer on the label screen, which draws its image with WebGL.

    python -m tests.benchmarks.label_screen

One image of 1024 x 1024 px and 1,024 patches in headless Chromium without a graphics card, so every
pixel of the image is drawn by the processor: far slower than on any machine that people label on.
``key_to_drawn`` ends when the pixels are there and can be read back; ``redraw`` is the same picture
drawn once more, without any answer: what the drawing itself takes here. ``handler`` is what the
page does before it draws. One JSON line per metric (``metric, value``).
"""

import argparse
from collections.abc import Sequence

import numpy as np
from playwright.sync_api import Page

from tests.benchmarks.gallery import report
from tests.benchmarks.gallery_data import make_gallery
from tests.benchmarks.gallery_page import page_of
from tests.benchmarks.labelling_site import Site, site
from tests.benchmarks.whole_site import cookie_of
from tests.support.browsers import FLAGS

PATCHES, KEYS = 1000, 40
# Between two keys, ms.
PAUSE = 300
READY = "#island-label[data-ready=true]"
# Notes when anything is drawn on the canvas of the image.
WATCH = """() => {
    const gl = document.querySelector(".viewer-canvas").getContext("webgl2");
    window.drawing = { gl, seen: false };
    const plain = ["drawArrays", "drawElements"];
    for (const name of [...plain, ...plain.map(name => name + "Instanced")]) {
        const draw = gl[name].bind(gl);
        gl[name] = (...given) => { window.drawing.seen = true; draw(...given); };
    }
}"""
PRESS = """async key => {
    const { drawing } = window;
    const start = performance.now();
    drawing.seen = false;
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    document.querySelector(".viewer-canvas").dispatchEvent(event);
    const handled = performance.now();
    while (!drawing.seen) await new Promise(requestAnimationFrame);
    drawing.gl.readPixels(0, 0, 1, 1, drawing.gl.RGBA, drawing.gl.UNSIGNED_BYTE, new Uint8Array(4));
    return [handled - start, performance.now() - start];
}"""
REDRAW = """() => {
    const start = performance.now();
    window.micraweb.pixelAt(0, 0);
    return performance.now() - start;
}"""


def main() -> None:
    """Print one JSON line per metric."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with site(database="postgres") as running:
        running.start()
        _measure(running)


def _measure(running: Site) -> None:
    from annotations.models import Preferences

    dataset, _ = make_gallery(PATCHES, pixels=True)
    manager = dataset.project.created_by
    Preferences.objects.create(user=manager, tour_seen=True, label_tour_seen=True)
    url = f"{running.address}/images/{dataset.images.get().pk}/label/"
    with page_of(running.address, cookie_of(manager), FLAGS) as (_, page):
        page.goto(url)
        page.wait_for_selector(READY, timeout=60_000)
        page.wait_for_timeout(1000)
        _keys(page)
        _say("label_redraw", [page.evaluate(REDRAW) for _ in range(KEYS)])
        page.wait_for_selector("#island-label[data-saved=true]")


def _keys(page: Page) -> None:
    page.evaluate(WATCH)
    times = []
    for number in range(KEYS):
        times.append(page.evaluate(PRESS, "12"[number % 2]))
        page.wait_for_timeout(PAUSE)
    handled, drawn = zip(*times, strict=True)
    _say("label_key_handler", handled)
    _say("label_key_to_drawn", drawn)


def _say(name: str, times: Sequence[float]) -> None:
    report(f"{name}_p50_ms", float(np.percentile(times, 50)))
    report(f"{name}_p95_ms", float(np.percentile(times, 95)))


if __name__ == "__main__":
    main()
