"""Channels, contrast and colours, kept for the next image."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import numpy as np
import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Dataset, DisplaySettings, Image, User
from annotations.services import display
from annotations.services.patches.atlas import look_of
from tests.e2e.people import sign_in
from tests.e2e.slowly import Line, until
from tests.e2e.viewer.looking import (
    drawn,
    expect_values,
    fetched,
    hover,
    open_image,
    requests_of,
)
from tests.support.stacks import known_stack, make_stack

PATIENCE = 60


def _keeps(text: str) -> Callable[[Response], bool]:
    """The server has taken display settings in that say this."""
    return lambda answer: (
        "/display/" in answer.url and answer.ok and text in (answer.request.post_data or "")
    )


def _choose_white(page: Page, value: str) -> None:
    page.get_by_label("White value of GFP").fill(value)
    page.keyboard.press("Tab")


def _open_and_choose(page: Page, live_server: LiveServer, who: User, stack: Image) -> None:
    """Somebody opens an image and chooses a white value for it; the server is not waited for."""
    sign_in(page, live_server, who)
    open_image(page, live_server, stack)
    _choose_white(page, "888")


def _wait_for_blue(page: Page, blue: int) -> None:
    page.wait_for_function(
        "blue => Math.abs(window.micraweb.pixelAt(48, 32)[2] - blue) < 4", arg=blue
    )


def test_contrast_changes_what_is_drawn_and_asks_the_server_nothing(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    image = make_stack(np.full((1, 1, 1, 64, 96), 500, np.uint16), dataset=dataset)
    sign_in(page, live_server, alice)
    open_image(page, live_server, image)
    fetched(page)
    with requests_of(page) as seen:
        for value, blue in (("1000", 128), ("2000", 64)):
            page.get_by_label("Black value of DAPI").fill("0")
            page.get_by_label("White value of DAPI").fill(value)
            page.keyboard.press("Tab")
            _wait_for_blue(page, blue)
        page.get_by_label("Gamma of DAPI").fill("1")
        _wait_for_blue(page, 128)
        page.get_by_label("Colour of DAPI").fill("#000080")
        _wait_for_blue(page, 64)
    assert [url for url in seen if "/display/" not in url] == []


def test_a_hidden_channel_is_not_drawn_and_shown_again_without_a_request(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    sign_in(page, live_server, alice)
    open_image(page, live_server, stack)
    fetched(page)
    with requests_of(page) as seen:
        page.get_by_label("GFP", exact=True).uncheck()
        page.wait_for_function("() => window.micraweb.pixelAt(90, 60)[1] === 0")
        page.get_by_label("GFP", exact=True).check()
        page.wait_for_function("() => window.micraweb.pixelAt(90, 60)[1] > 10")
    assert [url for url in seen if "/display/" not in url] == []


def test_of_twelve_channels_ten_are_drawn_at_most(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    pixels = known_stack(channels=12)
    image = make_stack(pixels, dataset=dataset)
    sign_in(page, live_server, alice)
    open_image(page, live_server, image)
    page.locator("summary", has_text="Channels").click()
    boxes = page.locator(".channel input[type=checkbox]")
    expect(boxes).to_have_count(12)
    for index in range(4, 10):
        boxes.nth(index).check()
    expect_values(page, 30, 20, list(pixels[0, :10, 0, 20, 30]))
    boxes.nth(10).click()
    expect(page.locator(".work-toast")).to_contain_text("10 channels are drawn at most")
    expect(boxes.nth(10)).not_to_be_checked()
    boxes.nth(0).uncheck()
    boxes.nth(11).check()
    hover(page, 30, 20)
    last = page.locator(".viewer-values [data-channel='11']")
    expect(last).to_have_attribute("data-value", str(pixels[0, 11, 0, 20, 30]))


def test_auto_takes_the_values_that_are_there_and_reset_those_of_the_import(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    pixels = known_stack(depth=3)
    image = make_stack(pixels, dataset=dataset)
    sign_in(page, live_server, alice)
    open_image(page, live_server, image)
    fetched(page)
    white = page.get_by_label("White value of DAPI")
    came = white.input_value()
    white.fill("60000")
    page.keyboard.press("Tab")
    page.get_by_label("Auto contrast of DAPI").click()
    expect(white).not_to_have_value("60000")
    expected = np.percentile(pixels[0, 0, 1], 99.9)
    assert float(white.input_value()) == pytest.approx(expected, abs=1)
    page.get_by_role("button", name="Reset").click()
    expect(white).to_have_value(came)


def test_settings_are_kept_and_shared_with_the_next_image_but_nobody_else(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset, stack: Image
) -> None:
    other = make_stack(known_stack(channels=2), dataset=dataset, name="b.tif")
    sign_in(page, live_server, alice)
    open_image(page, live_server, stack)
    with page.expect_response(_keeps("777")):
        _choose_white(page, "777")
    with page.expect_response(_keeps('"visible":false')):
        page.get_by_label("DAPI", exact=True).uncheck()
    page.reload()
    drawn(page)
    expect(page.get_by_label("White value of GFP")).to_have_value("777")
    page.keyboard.press("]")
    page.wait_for_url(f"**/images/{other.pk}/")
    drawn(page)
    expect(page.get_by_label("White value of GFP")).to_have_value("777")
    expect(page.get_by_label("DAPI", exact=True)).not_to_be_checked()
    assert DisplaySettings.objects.get().user == alice


def test_leaving_at_once_keeps_the_last_change(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    _open_and_choose(page, live_server, alice, stack)
    open_image(page, live_server, stack, "label")
    expect(page.get_by_label("White value of GFP")).to_have_value("888")


@dataclass
class Slow:
    """Display settings reach the server only when they are let in: all of them, or the first."""

    only_first: bool = False
    came: Event = field(default_factory=Event)
    let_in: Event = field(default_factory=Event)
    arrived: Event = field(default_factory=Event)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    """The browser's watch does not see what a page says while it goes, so the line is slow here."""
    line, save = Slow(), display.save_display

    def late(**given: Any) -> DisplaySettings:
        if line.only_first and line.came.is_set():
            return save(**given)
        line.came.set()
        assert line.let_in.wait(PATIENCE)
        saved = save(**given)
        line.arrived.set()
        return saved

    monkeypatch.setattr(display, "save_display", late)
    yield line
    line.let_in.set()


def test_the_next_page_shows_the_last_change_also_before_the_server_has_heard_of_it(
    page: Page, live_server: LiveServer, alice: User, stack: Image, slow: Slow
) -> None:
    _open_and_choose(page, live_server, alice, stack)
    open_image(page, live_server, stack, "label")
    expect(page.get_by_label("White value of GFP")).to_have_value("888")
    assert not DisplaySettings.objects.exists()
    slow.let_in.set()
    until(page, lambda: page.evaluate("Object.keys(localStorage).length") == 0)
    page.reload()
    drawn(page)
    expect(page.get_by_label("White value of GFP")).to_have_value("888")


def test_what_a_page_said_as_it_went_does_not_undo_what_was_chosen_on_the_next(
    page: Page, live_server: LiveServer, alice: User, stack: Image, slow: Slow
) -> None:
    slow.only_first = True
    _open_and_choose(page, live_server, alice, stack)
    open_image(page, live_server, stack, "label")
    assert slow.came.wait(PATIENCE)
    with page.expect_response(_keeps("999")):
        _choose_white(page, "999")
    slow.let_in.set()
    until(page, slow.arrived.is_set)
    assert DisplaySettings.objects.get().channels[-1]["high"] == 999


def test_a_choice_counts_also_where_another_computer_has_chosen_more_often(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    sign_in(page, live_server, alice)
    open_image(page, live_server, stack)
    display.save_display(by=alice, dataset=stack.dataset, channels=[], turn=40)
    _choose_white(page, "888")
    until(page, lambda: DisplaySettings.objects.get().turn > 40)
    assert DisplaySettings.objects.get().channels[-1]["high"] == 888


def test_a_reset_is_seen_on_the_next_page_too(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    settings = Line(page, "**/display/", "PUT")
    sign_in(page, live_server, alice)
    open_image(page, live_server, stack)
    white = page.get_by_label("White value of GFP")
    came = white.input_value()
    with page.expect_response(_keeps("888")):
        _choose_white(page, "888")
    settings.cut()
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".work-toast")).to_contain_text("could not be kept")
    settings.mend()
    open_image(page, live_server, stack, "label")
    expect(white).to_have_value(came)
    until(page, lambda: DisplaySettings.objects.get().channels == [])


def test_the_gallery_draws_what_was_chosen_on_the_page_before(
    page: Page, live_server: LiveServer, alice: User, stack: Image, slow: Slow
) -> None:
    """Its pictures come from the server, which must have heard of the choice first."""
    before = look_of(by=alice, dataset=stack.dataset)
    _open_and_choose(page, live_server, alice, stack)
    page.goto(live_server.url + reverse("gallery", args=[stack.dataset_id]))
    until(page, slow.came.is_set)
    # Time to ask for the pictures, if nothing waits for the choice.
    page.wait_for_timeout(1000)
    with page.expect_request("**/atlas/**") as asked:
        slow.let_in.set()
    after = look_of(by=alice, dataset=stack.dataset)
    assert after != before
    assert f"look={after}" in asked.value.url
