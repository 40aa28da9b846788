"""A line on which requests take as long as a test wants, and waiting for what no page shows."""

import time
from collections.abc import Callable
from re import Pattern

from playwright.sync_api import Page, Response, Route

SECONDS = 60.0


def until(page: Page, done: Callable[[], bool], *, seconds: float = SECONDS) -> None:
    """Wait for what the page, the browser or the server does meanwhile; the page goes on."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"waited {seconds:.0f} s"
        page.wait_for_timeout(50)


KEPT = """async () => {
    const request = indexedDB.open("micraweb-answers");
    const database = await new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const count = (name) => new Promise((resolve, reject) => {
        const counted = database.transaction(name).objectStore(name).count();
        counted.onsuccess = () => resolve(counted.result);
        counted.onerror = () => reject(counted.error);
    });
    const counts = [await count("events"), await count("steps")];
    database.close();
    return counts;
}"""


def kept(page: Page, *, answers: int, steps: int) -> None:
    """Wait until the browser's own database has so many answers that wait, and steps for undo."""
    until(page, lambda: page.evaluate(KEPT) == [answers, steps])


def taken_back(answer: Response) -> bool:
    """What the server did is undone there, too."""
    return answer.request.method == "DELETE" and answer.ok


class Held:
    """Requests that the server hears of only when they are let go.

    Made before the page is opened: of a page that is there already, a request that follows at once
    may pass by the browser's new watch.
    """

    def __init__(self, page: Page, pattern: str) -> None:
        self._page = page
        self._routes: list[Route] = []
        self._holding = False
        page.route(pattern, self._take)

    def _take(self, route: Route) -> None:
        if self._holding:
            self._routes.append(route)
        else:
            route.fallback()

    def hold(self) -> None:
        """From here on."""
        self._holding = True

    def wait(self, count: int = 1) -> None:
        """Until so many requests are held."""
        until(self._page, lambda: len(self._routes) >= count)

    def let_go(self) -> None:
        """What is held goes on, and all that comes."""
        self._holding = False
        for route in self._routes:
            route.continue_()

    def lose(self) -> None:
        """What is held never arrives; what comes goes on."""
        self._holding = False
        for route in self._routes:
            route.abort()


class Line:
    """A line that is cut and mended for some requests.

    Made before the page is opened, as `Held` is: where nothing was watched so far, about two of a
    hundred requests that follow at once pass by.
    """

    def __init__(self, page: Page, pattern: str | Pattern[str], method: str | None = None) -> None:
        self._cut = False
        self._method = method
        page.route(pattern, self._take)

    def _take(self, route: Route) -> None:
        if self._cut and self._method in (None, route.request.method):
            route.abort()
        else:
            route.fallback()

    def cut(self) -> None:
        """From here on nothing arrives."""
        self._cut = True

    def mend(self) -> None:
        """From here on all arrives again."""
        self._cut = False
