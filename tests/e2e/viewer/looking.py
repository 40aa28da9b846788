"""What a person sees and does."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import reverse
from playwright.sync_api import Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Image


def open_image(page: Page, live_server: LiveServer, image: Image, name: str = "image") -> None:
    page.goto(live_server.url + reverse(name, args=[image.pk]))
    page.wait_for_selector(f"#island-{name}[data-ready=true]")
    drawn(page)


def drawn(page: Page) -> None:
    page.wait_for_selector(".viewer[data-ready=true]")


def hover(page: Page, x: int, y: int) -> None:
    """Put the mouse over the middle of a pixel."""
    at = page.evaluate("([x, y]) => window.micraweb.clientPoint(x, y)", [x + 0.5, y + 0.5])
    page.mouse.move(*at)


def expect_values(page: Page, x: int, y: int, expected: list[int]) -> None:
    """Wait until the readout says these values, one per channel, under a mouse that rests."""
    expect_channels(page, x, y, dict(enumerate(expected)))


def expect_channels(page: Page, x: int, y: int, expected: dict[int, int]) -> None:
    """The same for these channels and no others."""
    hover(page, x, y)
    expect(page.locator(".viewer-values [data-channel]")).to_have_count(len(expected))
    for channel, value in expected.items():
        span = page.locator(f".viewer-values [data-channel='{channel}']")
        expect(span).to_have_attribute("data-value", str(value))


def fetched(page: Page) -> None:
    """Wait until everything is here, also what is not drawn: the values for the histograms."""
    page.wait_for_load_state("networkidle")
    expect(page.locator(".channel-histogram").first).to_be_visible()


@contextmanager
def requests_of(page: Page) -> Iterator[list[str]]:
    """Every request the page makes meanwhile."""
    seen: list[str] = []

    def note(request: Request) -> None:
        seen.append(request.url)

    page.on("request", note)
    yield seen
    page.remove_listener("request", note)
