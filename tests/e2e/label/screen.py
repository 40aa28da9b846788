"""The label screen as a person meets it."""

from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Label, User
from tests.e2e.people import sign_in
from tests.e2e.team import Team


def open_label(
    page: Page, server: LiveServer, team: Team, user: User, *, image: int = 0, query: str = ""
) -> None:
    """One of the three images of a team: 8 rows and columns of patches of 32 px."""
    sign_in(page, server, user)
    page.goto(server.url + reverse("label", args=[team.images[image].pk]) + query)
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("#island-label[data-ready=true]")).to_be_visible()
    expect(page.locator(".viewer[data-ready=true]")).to_be_visible()


def saved(page: Page) -> None:
    expect(page.locator("#island-label[data-saved=true]")).to_be_visible()


def counts(page: Page, *, yes: int = 0, no: int = 0, unsure: int = 0) -> None:
    """What the panel counts; the server may not have it yet."""
    expect(page.locator(f"#island-label[data-counts='{yes},{no},{unsure}']")).to_be_visible()


def selected(page: Page, count: int) -> None:
    """So many patches are selected; none is the focus alone."""
    expect(page.locator(f"#island-label[data-selected='{count}']")).to_be_visible()


def middle(page: Page, row: int, column: int) -> tuple[float, float]:
    """Where the middle of a patch lies in the window."""
    x, y = page.evaluate(
        "([x, y]) => window.micraweb.clientPoint(x, y)", [column * 32 + 16, row * 32 + 16]
    )
    return x, y


def click(page: Page, row: int, column: int, **how: Any) -> None:
    """With keys held, where `modifiers` names some."""
    for key in how.get("modifiers", ()):
        page.keyboard.down(key)
    page.mouse.click(*middle(page, row, column))
    for key in how.get("modifiers", ()):
        page.keyboard.up(key)


def drag(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    page.mouse.move(*middle(page, *start))
    page.mouse.down()
    page.mouse.move(*middle(page, *end), steps=8)
    page.mouse.up()


def answers(user: User) -> dict[tuple[int, int], str]:
    """What the server has of a person, by row and column."""
    rows = Label.objects.filter(annotator=user).values_list("row", "column", "value")
    return {(row, column): value for row, column, value in rows}
