"""A browser in a process of its own, which can be killed, and whose profile outlives it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from micraweb.launcher.orphans import dies_with_parent
from tests.support.browsers import system_browser

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--no-first-run", "--no-default-browser-check", "--remote-debugging-port=0",
    "--window-size=1440,900",
]  # fmt: skip
SECONDS_TO_START = 120.0


@dataclass
class Chromium:
    """Headless, on one profile from start to start."""

    playwright: Playwright
    profile: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> BrowserContext:
        """The window in which the profile is open."""
        port = self.profile / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        program = system_browser() or Path(self.playwright.chromium.executable_path)
        self.process = subprocess.Popen(
            [str(program), *FLAGS, f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )
        deadline = time.monotonic() + SECONDS_TO_START
        # The first line is the port, written at once or not at all.
        while not (port.exists() and (lines := port.read_text().splitlines())):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("The browser did not start.")
            time.sleep(0.02)
        address = f"http://127.0.0.1:{lines[0]}"
        return self.playwright.chromium.connect_over_cdp(address).contexts[0]

    def kill(self) -> None:
        """End it and all its processes as a power cut would, but for what the system holds."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def chromium(playwright: Playwright, profile: Path) -> Iterator[Chromium]:
    """A browser that is not started yet, and is ended with the block."""
    profile.mkdir(parents=True, exist_ok=True)
    browser = Chromium(playwright, profile)
    try:
        yield browser
    finally:
        browser.kill()
