"""Which browser drives the tests and benchmarks; no Django here, which those set up later."""

import shutil
from pathlib import Path

# Software rendering, so that WebGL2 works on a machine without a graphics card.
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
]
SYSTEM_BROWSERS = ("chromium", "chromium-browser")


def system_browser() -> Path | None:
    """Return the browser of this system, or None where Playwright has to bring its own."""
    for name in SYSTEM_BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    return None
