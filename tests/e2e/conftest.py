"""A real browser against the real web application and a real worker."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    browser = system_browser()
    given = {**browser_type_launch_args, "args": FLAGS}
    return given if browser is None else {**given, "executable_path": str(browser)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session", autouse=True)
def _django_beside_playwright() -> None:
    """Playwright's synchronous interface runs an event loop in this thread, which Django notices.

    The thread never touches the database from within that loop, so the guard is not needed.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
