"""Moving over images of every kind."""

import re

import numpy as np
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Dataset, Image, Role, User
from tests import factories
from tests.e2e.people import sign_in
from tests.e2e.viewer.looking import drawn, expect_values, hover, open_image, requests_of
from tests.support.large import MARK, MARKED, make_large
from tests.support.stacks import known_stack, make_stack


def test_the_overview_moves_the_image(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    image = make_stack(known_stack(height=900, width=1200), dataset=dataset)
    sign_in(page, live_server, alice)
    open_image(page, live_server, image)
    overview = page.locator(".viewer-minimap")
    expect(overview).to_be_hidden()
    for _ in range(4):
        page.keyboard.press("+")
    expect(overview).to_be_visible()
    box = overview.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.9)
    drawn(page)
    stage = page.locator(".viewer-canvas").bounding_box()
    assert stage is not None
    page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    place = page.locator(".viewer-readout > span").first
    expect(place).to_have_text(re.compile(r"x \d+, y \d+"))
    found = place.inner_text()
    x, y = (int(number) for number in re.findall(r"\d+", found)[:2])
    assert (abs(x - 1080) <= 20, abs(y - 810) <= 20) == (True, True), found
    page.keyboard.press("b")
    expect(overview).to_be_hidden()


def test_one_pixel_lies_on_one_pixel(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    sign_in(page, live_server, alice)
    open_image(page, live_server, stack)
    page.keyboard.press("x")
    left, right = (page.evaluate("x => window.micraweb.clientPoint(x, 0)[0]", x) for x in (0, 96))
    assert right - left == pytest.approx(96, abs=0.01)


def test_a_colour_picture_keeps_its_colours(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    pixels = np.zeros((1, 3, 1, 64, 96), np.uint8)
    pixels[0, :, 0] = np.array([200, 120, 40])[:, None, None]
    image = make_stack(pixels, dataset=dataset, is_rgb=True)
    sign_in(page, live_server, alice)
    open_image(page, live_server, image)
    assert page.evaluate("() => window.micraweb.pixelAt(48, 32).slice(0, 3)") == [200, 120, 40]
    expect_values(page, 10, 10, [200, 120, 40])


def test_a_strip_three_pixels_wide_is_drawn(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    pixels = known_stack(height=40, width=3)
    sign_in(page, live_server, alice)
    open_image(page, live_server, make_stack(pixels, dataset=dataset))
    expect_values(page, 2, 39, [pixels[0, 0, 0, 39, 2]])


def test_a_viewer_looks_and_is_not_offered_to_label(
    page: Page, live_server: LiveServer, dataset: Dataset, stack: Image
) -> None:
    dora = factories.make_member(project=dataset.project, role=Role.VIEWER).user
    sign_in(page, live_server, dora)
    page.goto(live_server.url + reverse("dataset", args=[dataset.pk]))
    page.get_by_role("link", name="View", exact=True).click()
    page.wait_for_url(f"**/images/{stack.pk}/")
    drawn(page)
    expect(page.get_by_role("link", name="Results")).to_be_visible()
    expect(page.get_by_role("link", name="Label", exact=True)).to_have_count(0)


@pytest.mark.parametrize(
    ("state", "error", "heading"),
    [
        (Image.State.IMPORTING, "", "is being imported"),
        (Image.State.WAITING, "", "waits for an answer"),
        (Image.State.REFUSED, "The file is empty.", "could not be imported"),
    ],
)
def test_an_image_that_is_not_there_says_why(
    page: Page,
    live_server: LiveServer,
    alice: User,
    dataset: Dataset,
    state: Image.State,
    error: str,
    heading: str,
) -> None:
    image = factories.make_image(dataset=dataset, state=state, error=error)
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("image", args=[image.pk]))
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    if error:
        expect(page.get_by_role("alert")).to_contain_text(error)


def test_of_a_slide_only_what_is_in_sight_is_fetched(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    """20,000 x 20,000 px: 2,136 chunks, of which the first view needs a handful."""
    slide = make_large(dataset)
    sign_in(page, live_server, alice)
    with requests_of(page) as seen:
        open_image(page, live_server, slide)
    assert 0 < sum("/c/0/" in url for url in seen) <= 24
    row, column = (place * 512 + 256 for place in MARK)
    for _ in range(10):
        hover(page, column, row)
        page.mouse.wheel(0, -300)
    drawn(page)
    with requests_of(page) as seen:
        expect_values(page, column, row, [MARKED])
        page.mouse.move(900, 500)
        page.mouse.down()
        page.mouse.move(300, 300, steps=5)
        page.mouse.up()
        drawn(page)
    fetched = [url for url in seen if "/store/0/c/" in url]
    assert len(fetched) <= 12
