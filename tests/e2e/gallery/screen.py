"""The gallery as a person meets it."""

from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Label, User
from tests.e2e.people import sign_in
from tests.e2e.team import Team


def open_gallery(page: Page, server: LiveServer, team: Team, user: User, query: str = "") -> None:
    sign_in(page, server, user)
    page.goto(server.url + reverse("gallery", args=[team.dataset.pk]) + query)
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("#island-gallery[data-ready=true][data-loading=false]")).to_be_visible()
    expect(page.locator(".gallery-stage[data-drawn=true]")).to_be_visible()


def browse(page: Page) -> None:
    """Any patches, not only those that were handed out."""
    page.get_by_role("radio", name="Browse").click()
    ready(page)


def saved(page: Page) -> None:
    expect(page.locator("#island-gallery[data-saved=true]")).to_be_visible()


def counts(page: Page, *, yes: int = 0, no: int = 0, unsure: int = 0) -> None:
    """What the panel counts; the server may not have it yet."""
    expect(page.locator(f"#island-gallery[data-counts='{yes},{no},{unsure}']")).to_be_visible()


def focused(page: Page, index: int) -> None:
    expect(page.locator(f"#island-gallery[data-focus='{index}']")).to_be_visible()


def middle(page: Page, index: int) -> tuple[float, float]:
    """Where the middle of a patch lies in the window."""
    box = page.evaluate("index => window.micraweb.stage.clientBox(index)", index)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def on_screen(page: Page) -> int:
    """How many patches the screen shows."""
    first, end = page.evaluate("window.micraweb.stage.screen()")
    return int(end - first)


def room(page: Page) -> int:
    """How many patches a screen has room for, whether or not they are here."""
    return int(page.evaluate("window.micraweb.stage.layout.perScreen"))


def answers(user: User) -> list[tuple[str, int, int, str]]:
    """What the server has of a person: image, row, column and answer, in their order."""
    mine = Label.objects.filter(annotator=user).order_by("image__name", "row", "column")
    return list(mine.values_list("image__name", "row", "column", "value"))
