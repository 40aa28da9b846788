"""A real browser against the real web application and a real worker."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from annotations.models import User
from tests.e2e.people import experienced
from tests.e2e.team import Team, make_team
from tests.factories import make_user
from tests.support.browsers import FLAGS, system_browser


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


# A right page takes its time on a machine that draws without a graphics card and is busy besides.
PATIENCE_MS = 60_000


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """With patience too."""
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture
def alice(transactional_db: None) -> User:
    """Somebody who knows the screens."""
    return experienced(make_user("alice"))


@pytest.fixture
def team(transactional_db: None) -> Team:
    """A manager, Bob and Carol, and images to label."""
    return make_team()


@pytest.fixture
def people(browser: Browser) -> Iterator[list[Page]]:
    """Two people, each with a browser of their own."""
    contexts = [browser.new_context() for _ in range(2)]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


@pytest.fixture(autouse=True)
def _no_request_meets_the_emptying(
    request: pytest.FixtureRequest, browser: Browser
) -> Iterator[None]:
    """Close the pages before the tables are emptied: one that still polls would lock them."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")  # emptied after what comes here
    yield
    for context in list(browser.contexts):
        _leave(context)
        context.close()
    _wait_for_answers_under_way()


def _leave(context: BrowserContext) -> None:
    """As people do it, so that the last words of a page are on their way before the end."""
    for page in context.pages:
        with suppress(Error):
            page.goto("about:blank", timeout=3000)


def _wait_for_answers_under_way(seconds: float = 60, calm: int = 8) -> None:
    """Until nothing has happened for so many looks: a request may not have arrived yet.

    Looks and no time: where all is slow, they are slow too.
    """
    end = time.monotonic() + seconds
    looks = 0
    while time.monotonic() < end and looks < calm:
        looks = 0 if _busy_connections() else looks + 1
        time.sleep(0.05)


def _busy_connections() -> int:
    """Connections of the server that are in the middle of something."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
